# What wakes somebody: pages that fail or are slow, processes that are missing, a database or queue short of room or air,
# errors in the log, and what the product says of itself.

resource "aws_sns_topic" "alarms" {
  name              = "ayumi-alarms"
  kms_master_key_id = aws_kms_key.ayumi.id
}

resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarms_to
}

locals {
  of_balancer = { LoadBalancer = aws_lb.ayumi.arn_suffix }
  of_web      = { LoadBalancer = aws_lb.ayumi.arn_suffix, TargetGroup = aws_lb_target_group.web.arn_suffix }
  of_database = { DBInstanceIdentifier = aws_db_instance.ayumi.identifier }

  # Rings when the metric is `above` or `below` in each of so many minutes. `missing` says what a minute counts in which
  # nothing was said: where silence is itself the fault, it is breaching.
  usual = { statistic = "Maximum", above = null, below = null, missing = "breaching", dimensions = null }

  of_pages = { namespace = "AWS/ApplicationELB", missing = "notBreaching", dimensions = local.of_balancer }
  pages = {
    pages-fail = merge(local.of_pages, { metric = "HTTPCode_Target_5XX_Count", statistic = "Sum", above = 5, minutes = 5 })
    pages-slow = merge(local.of_pages, { metric = "TargetResponseTime", statistic = "p99", above = 3, minutes = 10 })
    pages-away = {
      namespace = "AWS/ApplicationELB", metric = "HealthyHostCount", dimensions = local.of_web
      statistic = "Minimum", below = 1, minutes = 2
    }
  }

  of_rds = { namespace = "AWS/RDS", dimensions = local.of_database }
  database = {
    database-disk = merge(local.of_rds, {
      metric = "FreeStorageSpace", statistic = "Minimum", below = var.database_gigabytes * 107374182, minutes = 10
    })
    database-busy        = merge(local.of_rds, { metric = "CPUUtilization", statistic = "Average", above = 80, minutes = 15 })
    database-connections = merge(local.of_rds, { metric = "DatabaseConnections", above = 400, minutes = 5 })
  }

  # Each member says it for itself; the provider names them so. One being exchanged may be silent for a while.
  queue_memory = {
    for number in range(1, local.queue.members + 1) : "queue-memory-${number}" => {
      namespace  = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage", above = 70, minutes = 30
      dimensions = { CacheClusterId = format("%s-%03d", local.queue.name, number) }
    }
  }

  missing = {
    for name in keys(var.processes) : "${name}-missing" => {
      namespace  = "ECS/ContainerInsights", metric = "RunningTaskCount", statistic = "Minimum", below = 1, minutes = 3
      dimensions = { ClusterName = aws_ecs_cluster.ayumi.name, ServiceName = name }
    }
  }

  # The product writes an error when a job is given up or a chain does not hold.
  errors = {
    for name in keys(var.processes) : "${name}-errors" => {
      namespace = "Ayumi", metric = "errors-${name}", statistic = "Sum", above = 0, minutes = 1, missing = "notBreaching"
    }
  }

  # `ayumi metrics --log 60` says these every minute, as far as the database answers; `services_up` it always says.
  figures = {
    services_up              = { statistic = "Minimum", below = 1, minutes = 3 }
    workers                  = { statistic = "Minimum", below = 1, minutes = 5, missing = "notBreaching" }
    outbox_oldest_seconds    = { above = 900, minutes = 5, missing = "notBreaching" }
    outbox_depth             = { above = 5000, minutes = 15, missing = "notBreaching" }
    outbox_given_up          = { above = 0, minutes = 5, missing = "notBreaching" }
    journal_unsigned_seconds = { above = 3 * 3600, minutes = 15, missing = "notBreaching" }
    schema_current           = { statistic = "Minimum", below = 1, minutes = 30, missing = "notBreaching" }
  }
  said = { for name, each in local.figures : replace(name, "_", "-") => merge(each, { namespace = "Ayumi", metric = name }) }

  alarms = {
    for name, each in merge(local.pages, local.database, local.queue_memory, local.missing, local.errors, local.said) :
    name => merge(local.usual, each)
  }
}

resource "aws_cloudwatch_metric_alarm" "ayumi" {
  for_each            = local.alarms
  alarm_name          = "ayumi-${each.key}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  dimensions          = each.value.dimensions
  comparison_operator = each.value.above == null ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold           = each.value.above == null ? each.value.below : each.value.above
  period              = 60
  evaluation_periods  = each.value.minutes
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_log_metric_filter" "errors" {
  for_each       = var.processes
  name           = "ayumi-${each.key}-errors"
  log_group_name = aws_cloudwatch_log_group.process[each.key].name
  pattern        = "{ $.level = \"error\" || $.level = \"critical\" }"

  metric_transformation {
    name      = "errors-${each.key}"
    namespace = "Ayumi"
    value     = "1"
  }
}

resource "aws_cloudwatch_log_metric_filter" "figures" {
  for_each       = local.figures
  name           = "ayumi-${each.key}"
  log_group_name = aws_cloudwatch_log_group.process["metrics"].name
  pattern        = "{ $.event = \"figures\" && $.${each.key} = * }"

  metric_transformation {
    name      = each.key
    namespace = "Ayumi"
    value     = "$.${each.key}"
  }
}
