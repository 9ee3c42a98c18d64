# PostgreSQL with a standby in the other zone that takes over by itself, and every minute of the last weeks.

resource "aws_db_subnet_group" "ayumi" {
  name       = "ayumi"
  subnet_ids = aws_subnet.data[*].id
}

resource "aws_db_parameter_group" "ayumi" {
  name_prefix = "ayumi-"
  family      = "postgres18"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # DETAIL lines quote rows, and rows are people.
  parameter {
    name  = "log_error_verbosity"
    value = "terse"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "-1"
  }

  parameter {
    name  = "timezone"
    value = "UTC"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "ayumi" {
  identifier     = "ayumi"
  engine         = "postgres"
  engine_version = "18"
  instance_class = var.database_class
  multi_az       = true

  allocated_storage     = var.database_gigabytes
  max_allocated_storage = var.database_gigabytes * 4
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.ayumi.arn

  # The administrator's password is made and changed by the provider, and known to nobody here.
  username                      = "administrator"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.ayumi.arn

  db_subnet_group_name   = aws_db_subnet_group.ayumi.name
  vpc_security_group_ids = [aws_security_group.ayumi["database"].id]
  parameter_group_name   = aws_db_parameter_group.ayumi.name
  publicly_accessible    = false
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  backup_retention_period   = var.backup_days
  backup_window             = "17:30-18:30"
  maintenance_window        = "sat:19:00-sat:20:00"
  copy_tags_to_snapshot     = true
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "ayumi-final"

  auto_minor_version_upgrade      = true
  performance_insights_enabled    = true
  performance_insights_kms_key_id = aws_kms_key.ayumi.arn
  enabled_cloudwatch_logs_exports = ["postgresql"]
  monitoring_interval             = 0
}

# The same minutes a second time, in the other region.
resource "aws_db_instance_automated_backups_replication" "copies" {
  provider               = aws.copies
  source_db_instance_arn = aws_db_instance.ayumi.arn
  kms_key_id             = aws_kms_key.copies.arn
  retention_period       = var.backup_days
}
