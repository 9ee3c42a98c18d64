output "address" {
  value = "https://${var.domain}"
}

output "database_host" {
  value = aws_db_instance.ayumi.address
}

output "queue_host" {
  value = aws_elasticache_replication_group.ayumi.primary_endpoint_address
}

output "migrate" {
  description = "The task to run to its end before a release."
  value       = aws_ecs_task_definition.process["migrate"].arn
}
