# The processes: one image, one task for each, each with its own secrets and its own rights.

locals {
  # The open settings that every way of hosting shares, with what is particular to this one.
  shared = {
    for line in split("\n", file("${path.module}/../settings.env")) :
    split("=", line)[0] => join("=", slice(split("=", line), 1, length(split("=", line))))
    if can(regex("^AYUMI_[A-Z_]+=", line))
  }
  own = {
    AYUMI_BASE_URL      = "https://${var.domain}"
    AYUMI_MAIL_FROM     = var.mail_from
    AYUMI_CONTACT       = var.contact
    AYUMI_FILES_URL     = "s3://${aws_s3_bucket.files.id}"
    AYUMI_BACKUP_DAYS   = tostring(var.backup_days)
    AYUMI_DRAIN_SECONDS = tostring(local.asked.seconds * local.asked.times + 2)
    AWS_REGION          = var.region

    # Every database address is asked for its name, by the authorities that the image brings along (Dockerfile here).
    PGSSLMODE     = "verify-full"
    PGSSLROOTCERT = "/opt/authorities/database.pem"

    # Not here: backups are the provider's, and no task sees what another counts (figures: see `metrics` in alarms.tf).
    AYUMI_BACKUP_URL  = ""
    AYUMI_METRICS_DIR = ""
  }
  settings = { for name, value in merge(local.shared, local.own) : name => value if value != "" }

  # All that a process can write.
  mounts = { tmp = "/tmp" }

  commands = {
    web        = ["gunicorn", "--config", "infra/gunicorn.conf.py", "wsgi:app"]
    worker     = ["ayumi", "worker"]
    dispatcher = ["ayumi", "dispatcher"]
    timetable  = ["ayumi", "timetable"]
    metrics    = ["ayumi", "metrics", "--log", "60"]
    migrate    = ["ayumi", "db", "upgrade"]
  }
  sizes = merge(var.processes, { migrate = { count = 0, cpu = 512, memory = 1024 } })
}

resource "aws_ecs_cluster" "ayumi" {
  name = "ayumi"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_cloudwatch_log_group" "process" {
  for_each          = local.sizes
  name              = "/ayumi/${each.key}"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.ayumi.arn
}

resource "aws_ecs_task_definition" "process" {
  for_each                 = local.sizes
  family                   = "ayumi-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory
  execution_role_arn       = aws_iam_role.start[each.key].arn
  task_role_arn            = aws_iam_role.process[each.key].arn

  container_definitions = jsonencode([{
    name                   = each.key
    image                  = var.image
    command                = local.commands[each.key]
    essential              = true
    readonlyRootFilesystem = true
    user                   = "10001:10001"
    stopTimeout            = each.key == "worker" ? 90 : 60
    environment            = [for name, value in local.settings : { name = name, value = value }]
    secrets = [
      for name in local.secrets_of[each.key] : { name = name, valueFrom = aws_secretsmanager_secret.ayumi[name].arn }
    ]
    portMappings    = each.key == "web" ? [{ containerPort = 8000, protocol = "tcp" }] : []
    mountPoints     = [for name, path in local.mounts : { sourceVolume = name, containerPath = path }]
    linuxParameters = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.process[each.key].name
        awslogs-region        = var.region
        awslogs-stream-prefix = each.key
      }
    }
  }])

  dynamic "volume" {
    for_each = local.mounts

    content {
      name = volume.key
    }
  }
}

# A release: run the task ayumi-migrate to its end, then let the services take the new definition.
resource "aws_ecs_service" "process" {
  for_each        = var.processes
  name            = each.key
  cluster         = aws_ecs_cluster.ayumi.id
  task_definition = aws_ecs_task_definition.process[each.key].arn
  desired_count   = each.value.count
  launch_type     = "FARGATE"

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = each.key == "web" ? 60 : null

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = aws_subnet.processes[*].id
    security_groups  = [aws_security_group.ayumi["processes"].id]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = each.key == "web" ? [aws_lb_target_group.web.arn] : []

    content {
      target_group_arn = load_balancer.value
      container_name   = "web"
      container_port   = 8000
    }
  }

  depends_on = [aws_lb_listener.https]
}
