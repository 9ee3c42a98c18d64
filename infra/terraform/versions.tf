# One installation of Ayumi at one provider, in Tokyo, with copies of the database's backups in Osaka.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # State holds no secret values (see secrets.tf), and still belongs to few: encrypted, versioned, locked.
  backend "s3" {
    key          = "ayumi.tfstate"
    region       = "ap-northeast-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      service = "ayumi"
    }
  }
}

provider "aws" {
  alias  = "copies"
  region = var.region_of_copies
}

data "aws_caller_identity" "here" {}

data "aws_availability_zones" "here" {
  state = "available"
}
