variable "region" {
  description = "Where everything runs: in Japan."
  type        = string
  default     = "ap-northeast-1"

  validation {
    condition     = contains(["ap-northeast-1", "ap-northeast-3"], var.region)
    error_message = "Personal data of municipalities stay in Japan: Tokyo or Osaka."
  }
}

variable "region_of_copies" {
  description = "Where copies of the database's backups lie: in Japan, and elsewhere than the originals."
  type        = string
  default     = "ap-northeast-3"

  validation {
    condition     = contains(["ap-northeast-1", "ap-northeast-3"], var.region_of_copies)
    error_message = "Personal data of municipalities stay in Japan: Tokyo or Osaka."
  }
}

variable "domain" {
  description = "Name of the site, e.g. ayumi.example.jp."
  type        = string
}

variable "zone_id" {
  description = "Hosted zone in which the site and its certificate are named."
  type        = string
}

variable "image" {
  description = "Image of Ayumi with its digest: <repository>@sha256:..."
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by its digest, so that what was tested is what runs."
  }
}

variable "alarms_to" {
  description = "Mail address that alarms go to."
  type        = string
}

variable "mail_from" {
  description = "Sender of mails."
  type        = string
}

variable "contact" {
  description = "Whom people are told to turn to."
  type        = string
}

variable "unused_secrets" {
  description = "Secrets that this installation has no value for. Nobody asks for figures over the network here."
  type        = list(string)
  default     = ["AYUMI_OLD_SECRET_KEYS", "AYUMI_DATABASE_URL_REPORTS", "AYUMI_METRICS_TOKEN"]
}

variable "backup_days" {
  description = "Days for which backups are kept, and so how long they may hold what was erased."
  type        = number
  default     = 35
}

variable "database_class" {
  description = "Size of the database server."
  type        = string
  default     = "db.r8g.large"
}

variable "database_gigabytes" {
  description = "Disk of the database server; grows by itself up to four times of it."
  type        = number
  default     = 200
}

variable "queue_class" {
  description = "Size of the queue."
  type        = string
  default     = "cache.t4g.small"
}

variable "processes" {
  description = "How many of each process run, with how much of a processor (1024 is one) and memory in megabytes."
  type = map(object({
    count  = number
    cpu    = number
    memory = number
  }))
  default = {
    web        = { count = 2, cpu = 1024, memory = 3072 }
    worker     = { count = 2, cpu = 1024, memory = 3072 }
    dispatcher = { count = 2, cpu = 256, memory = 512 }
    timetable  = { count = 2, cpu = 256, memory = 512 }
    metrics    = { count = 1, cpu = 256, memory = 512 }
  }
}
