# The queue. What it holds is promised in the database too: lost, it is filled again.

locals {
  queue = { name = "ayumi", members = 2 }
}

resource "aws_elasticache_subnet_group" "ayumi" {
  name       = "ayumi"
  subnet_ids = aws_subnet.data[*].id
}

resource "aws_elasticache_parameter_group" "ayumi" {
  name   = "ayumi-valkey8"
  family = "valkey8"

  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

resource "aws_elasticache_replication_group" "ayumi" {
  replication_group_id       = local.queue.name
  description                = "Queue of Ayumi"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = var.queue_class
  num_cache_clusters         = local.queue.members
  automatic_failover_enabled = true
  multi_az_enabled           = true
  parameter_group_name       = aws_elasticache_parameter_group.ayumi.name
  subnet_group_name          = aws_elasticache_subnet_group.ayumi.name
  security_group_ids         = [aws_security_group.ayumi["queue"].id]
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.ayumi.arn
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  maintenance_window         = "sat:20:00-sat:21:00"
  apply_immediately          = false

  # The password is put in by hand beside the secret AYUMI_REDIS_URL (README), so that no state knows it.
  lifecycle {
    ignore_changes = [auth_token, auth_token_update_strategy]
  }
}
