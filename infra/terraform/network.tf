# Three floors in two zones: the balancer is reached from outside, processes reach out, data reach nobody.

locals {
  zones = slice(data.aws_availability_zones.here.names, 0, 2)
}

resource "aws_vpc" "ayumi" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_hostnames = true
  enable_dns_support   = true
}

resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.ayumi.id
}

resource "aws_subnet" "front" {
  count             = 2
  vpc_id            = aws_vpc.ayumi.id
  cidr_block        = cidrsubnet(aws_vpc.ayumi.cidr_block, 8, count.index)
  availability_zone = local.zones[count.index]
}

resource "aws_subnet" "processes" {
  count             = 2
  vpc_id            = aws_vpc.ayumi.id
  cidr_block        = cidrsubnet(aws_vpc.ayumi.cidr_block, 8, 10 + count.index)
  availability_zone = local.zones[count.index]
}

resource "aws_subnet" "data" {
  count             = 2
  vpc_id            = aws_vpc.ayumi.id
  cidr_block        = cidrsubnet(aws_vpc.ayumi.cidr_block, 8, 20 + count.index)
  availability_zone = local.zones[count.index]
}

resource "aws_internet_gateway" "ayumi" {
  vpc_id = aws_vpc.ayumi.id
}

resource "aws_eip" "out" {
  count  = 2
  domain = "vpc"
}

# Each zone has a way out of its own: to mail servers and identity providers.
resource "aws_nat_gateway" "out" {
  count         = 2
  allocation_id = aws_eip.out[count.index].id
  subnet_id     = aws_subnet.front[count.index].id
  depends_on    = [aws_internet_gateway.ayumi]
}

resource "aws_route_table" "front" {
  vpc_id = aws_vpc.ayumi.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.ayumi.id
  }
}

resource "aws_route_table" "processes" {
  count  = 2
  vpc_id = aws_vpc.ayumi.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.out[count.index].id
  }
}

resource "aws_route_table" "data" {
  vpc_id = aws_vpc.ayumi.id
}

resource "aws_route_table_association" "front" {
  count          = 2
  subnet_id      = aws_subnet.front[count.index].id
  route_table_id = aws_route_table.front.id
}

resource "aws_route_table_association" "processes" {
  count          = 2
  subnet_id      = aws_subnet.processes[count.index].id
  route_table_id = aws_route_table.processes[count.index].id
}

resource "aws_route_table_association" "data" {
  count          = 2
  subnet_id      = aws_subnet.data[count.index].id
  route_table_id = aws_route_table.data.id
}

# Files go to the object store without leaving the provider's network.
resource "aws_vpc_endpoint" "objects" {
  vpc_id            = aws_vpc.ayumi.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = aws_route_table.processes[*].id
}

# -- who may speak to whom ------------------------------------------------------------------------------------------

resource "aws_security_group" "ayumi" {
  for_each = {
    balancer  = "The balancer: asked by everybody over TLS"
    processes = "Processes: asked by the balancer alone"
    database  = "Database: asked by processes alone, asks nobody"
    queue     = "Queue: asked by processes alone, asks nobody"
  }
  name        = "ayumi-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.ayumi.id
}

locals {
  inside = {
    processes = { from = "balancer", port = 8000 }
    database  = { from = "processes", port = 5432 }
    queue     = { from = "processes", port = 6379 }
  }
}

resource "aws_vpc_security_group_egress_rule" "inside" {
  for_each                     = local.inside
  security_group_id            = aws_security_group.ayumi[each.value.from].id
  referenced_security_group_id = aws_security_group.ayumi[each.key].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "inside" {
  for_each                     = local.inside
  security_group_id            = aws_security_group.ayumi[each.key].id
  referenced_security_group_id = aws_security_group.ayumi[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "visitors" {
  for_each          = toset(["80", "443"])
  security_group_id = aws_security_group.ayumi["balancer"].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
}

# Out: TLS, and handing mail in over TLS.
resource "aws_vpc_security_group_egress_rule" "processes_out" {
  for_each          = toset(["443", "465", "587"])
  security_group_id = aws_security_group.ayumi["processes"].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
}
