# The way in: TLS 1.2 and 1.3 with a publicly trusted certificate, http led to https, doubtful requests refused. No
# access log: its lines would quote whole addresses, and some addresses are a person's link.

resource "aws_acm_certificate" "site" {
  domain_name       = var.domain
  validation_method = "DNS"
  key_algorithm     = "EC_prime256v1"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "proof" {
  for_each = {
    for each in aws_acm_certificate.site.domain_validation_options : each.domain_name => each
  }
  zone_id = var.zone_id
  name    = each.value.resource_record_name
  type    = each.value.resource_record_type
  records = [each.value.resource_record_value]
  ttl     = 300
}

resource "aws_acm_certificate_validation" "site" {
  certificate_arn         = aws_acm_certificate.site.arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}

resource "aws_lb" "ayumi" {
  name                       = "ayumi"
  load_balancer_type         = "application"
  subnets                    = aws_subnet.front[*].id
  security_groups            = [aws_security_group.ayumi["balancer"].id]
  idle_timeout               = 75
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  enable_deletion_protection = true
  xff_header_processing_mode = "append"
}

locals {
  # How often a server is asked whether it is ready, and how often it must not be before nobody is sent there any more.
  asked = { seconds = 5, times = 2 }
}

resource "aws_lb_target_group" "web" {
  name                 = "ayumi-web"
  port                 = 8000
  protocol             = "HTTP"
  target_type          = "ip"
  vpc_id               = aws_vpc.ayumi.id
  deregistration_delay = 30

  health_check {
    path                = "/readyz"
    matcher             = "200"
    interval            = local.asked.seconds
    timeout             = 4
    healthy_threshold   = 2
    unhealthy_threshold = local.asked.times
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.ayumi.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "403"
    }
  }
}

# Only what a person types is led to https.
resource "aws_lb_listener_rule" "to_https" {
  listener_arn = aws_lb_listener.http.arn

  condition {
    http_request_method {
      values = ["GET", "HEAD"]
    }
  }

  condition {
    host_header {
      values = [var.domain]
    }
  }

  action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.ayumi.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
  certificate_arn   = aws_acm_certificate_validation.site.certificate_arn

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener_rule" "site" {
  listener_arn = aws_lb_listener.https.arn

  condition {
    host_header {
      values = [var.domain]
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_route53_record" "site" {
  zone_id = var.zone_id
  name    = var.domain
  type    = "A"

  alias {
    name                   = aws_lb.ayumi.dns_name
    zone_id                = aws_lb.ayumi.zone_id
    evaluate_target_health = true
  }
}
