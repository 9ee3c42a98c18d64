# Who starts a process may read its secrets and no other; the process itself may touch files, and only where it needs.

data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.here.account_id]
    }
  }
}

resource "aws_iam_role" "start" {
  for_each           = local.sizes
  name               = "ayumi-start-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role_policy_attachment" "start" {
  for_each   = local.sizes
  role       = aws_iam_role.start[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_policy_document" "secrets" {
  for_each = local.sizes

  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [for name in local.secrets_of[each.key] : aws_secretsmanager_secret.ayumi[name].arn]
  }

  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.ayumi.arn]
  }
}

resource "aws_iam_role_policy" "secrets" {
  for_each = local.sizes
  name     = "secrets"
  role     = aws_iam_role.start[each.key].id
  policy   = data.aws_iam_policy_document.secrets[each.key].json
}

resource "aws_iam_role" "process" {
  for_each           = local.sizes
  name               = "ayumi-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

data "aws_iam_policy_document" "files_of_processes" {
  statement {
    actions = [
      "s3:GetObject", "s3:PutObject", "s3:PutObjectRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"
    ]
    resources = ["${aws_s3_bucket.files.arn}/*"]
  }

  statement {
    actions   = ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketObjectLockConfiguration"]
    resources = [aws_s3_bucket.files.arn]
  }

  statement {
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.ayumi.arn]
  }
}

# Nobody else sees a file.
resource "aws_iam_role_policy" "files" {
  for_each = toset(["web", "worker"])
  name     = "files"
  role     = aws_iam_role.process[each.key].id
  policy   = data.aws_iam_policy_document.files_of_processes.json
}

# Who shows figures sees whether the bucket answers, and nothing in it.
data "aws_iam_policy_document" "files_answer" {
  statement {
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.files.arn]
  }
}

resource "aws_iam_role_policy" "files_answer" {
  name   = "files-answer"
  role   = aws_iam_role.process["metrics"].id
  policy = data.aws_iam_policy_document.files_answer.json
}
