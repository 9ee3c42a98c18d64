# What wakes somebody: pages that fail or are slow, processes that are missing, a database short of room or air.

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
  of_queue    = { ReplicationGroupId = aws_elasticache_replication_group.ayumi.id }

  alarms = {
    pages-fail = {
      namespace = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", statistic = "Sum", dimensions = local.of_balancer
      threshold = 5, comparison = "GreaterThanThreshold", minutes = 5, missing = "notBreaching"
    }
    pages-slow = {
      namespace = "AWS/ApplicationELB", metric = "TargetResponseTime", statistic = "p99", dimensions = local.of_balancer
      threshold = 3, comparison = "GreaterThanThreshold", minutes = 10, missing = "notBreaching"
    }
    pages-away = {
      namespace = "AWS/ApplicationELB", metric = "HealthyHostCount", statistic = "Minimum", dimensions = local.of_web
      threshold = 1, comparison = "LessThanThreshold", minutes = 2, missing = "breaching"
    }
    database-disk = {
      namespace = "AWS/RDS", metric = "FreeStorageSpace", statistic = "Minimum", dimensions = local.of_database
      threshold = var.database_gigabytes * 107374182, comparison = "LessThanThreshold", minutes = 10, missing = "breaching"
    }
    database-busy = {
      namespace = "AWS/RDS", metric = "CPUUtilization", statistic = "Average", dimensions = local.of_database
      threshold = 80, comparison = "GreaterThanThreshold", minutes = 15, missing = "breaching"
    }
    database-connections = {
      namespace = "AWS/RDS", metric = "DatabaseConnections", statistic = "Maximum", dimensions = local.of_database
      threshold = 400, comparison = "GreaterThanThreshold", minutes = 5, missing = "breaching"
    }
    queue-memory = {
      namespace = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage", statistic = "Maximum", dimensions = local.of_queue
      threshold = 70, comparison = "GreaterThanThreshold", minutes = 10, missing = "breaching"
    }
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
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = each.value.minutes
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "processes" {
  for_each            = var.processes
  alarm_name          = "ayumi-${each.key}-missing"
  namespace           = "ECS/ContainerInsights"
  metric_name         = "RunningTaskCount"
  statistic           = "Minimum"
  dimensions          = { ClusterName = aws_ecs_cluster.ayumi.name, ServiceName = each.key }
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 3
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

# The product's own alarms: it writes an error when a job is given up or a chain does not hold.
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

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each            = var.processes
  alarm_name          = "ayumi-${each.key}-errors"
  namespace           = "Ayumi"
  metric_name         = "errors-${each.key}"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}
