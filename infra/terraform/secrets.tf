# Secrets by name, from the list that every way of hosting shares (infra/secrets.json). Terraform makes the empty
# drawers; values are put in by hand or by a rotation, and no state knows them.

locals {
  secrets_of = {
    for process, names in jsondecode(file("${path.module}/../secrets.json")) :
    process => [for name in names : name if !contains(var.unused_secrets, name)]
  }
  secrets = toset(flatten([for process in keys(var.processes) : local.secrets_of[process]]))
  all     = setunion(local.secrets, local.secrets_of["migrate"])
}

resource "aws_secretsmanager_secret" "ayumi" {
  for_each                = local.all
  name                    = "ayumi/${each.key}"
  kms_key_id              = aws_kms_key.ayumi.arn
  recovery_window_in_days = 30
}
