"""The description of one cloud, as far as it can be judged without that cloud and its provider's program."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import hcl2
import pytest

from tests.live import ROOT

FOLDER = ROOT / "infra" / "terraform"
FILES = sorted(FOLDER.glob("*.tf"))
TEXT = "\n".join(re.sub(r"^\s*#.*$", "", each.read_text(), flags=re.M) for each in FILES)


@cache
def parsed() -> list[dict[str, Any]]:
    """Every file: read by the first test that asks, as it takes a while."""
    return [hcl2.loads(each.read_text()) for each in FILES]


def blocks(kind: str) -> list[Any]:
    return [block for each in parsed() for block in each.get(kind, [])]


def bare(name: str) -> str:
    return name.strip('"')


def named(kind: str) -> dict[str, Any]:
    """`type.name` -> body of every resource or data source."""
    return {
        f"{bare(type_)}.{bare(name)}": body
        for each in blocks(kind)
        for type_, bodies in each.items()
        for name, body in bodies.items()
    }


def of(address: str) -> dict[str, Any]:
    body: dict[str, Any] = named("resource")[address]
    return {key: bare(value) if isinstance(value, str) else value for key, value in body.items()}


@pytest.mark.skipif(not shutil.which("terraform") and not shutil.which("tofu"), reason="no terraform and no tofu here")
def test_it_is_written_as_terraform_writes_it() -> None:
    program = shutil.which("terraform") or shutil.which("tofu") or ""
    done = subprocess.run(
        [program, "fmt", "-check", "-recursive", str(FOLDER)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_whatever_is_referred_to_is_there() -> None:
    code = re.sub(r'"aws_[a-z0-9_]+" "\w+"', "", TEXT)
    used = set(re.findall(r"(?<![\w.\"])(aws_[a-z0-9_]+\.\w+)", code))
    assert len(used) > 30
    assert used - named("resource").keys() - {f"{name}" for name in named("data")} == set()
    assert {each for each in re.findall(r"data\.(aws_[a-z0-9_]+\.\w+)", code)} == named("data").keys()


def test_every_variable_is_declared_and_used() -> None:
    declared = {bare(name) for each in blocks("variable") for name in each}
    assert set(re.findall(r"\bvar\.(\w+)", TEXT)) == declared
    known = {bare(name) for each in blocks("locals") for name in each if not name.startswith("__")}
    assert set(re.findall(r"\blocal\.(\w+)", TEXT)) == known


def test_all_of_it_stays_in_japan() -> None:
    assert set(re.findall(r"[a-z]{2}-[a-z]+-\d", TEXT)) == {"ap-northeast-1", "ap-northeast-3"}


def test_the_database_has_a_standby_and_every_minute_of_the_last_weeks() -> None:
    database = of("aws_db_instance.ayumi")
    assert (database["multi_az"], database["storage_encrypted"], database["publicly_accessible"]) == (True, True, False)
    assert (database["deletion_protection"], database["manage_master_user_password"]) == (True, True)
    assert "var.backup_days" in database["backup_retention_period"]
    assert "aws_db_instance_automated_backups_replication.copies" in named("resource")
    settings = {bare(each["name"]): bare(each["value"]) for each in of("aws_db_parameter_group.ayumi")["parameter"]}
    assert (settings["rds.force_ssl"], settings["log_error_verbosity"]) == ("1", "terse")


def test_files_have_versions_locks_and_no_public() -> None:
    assert of("aws_s3_bucket.files")["object_lock_enabled"] is True
    assert "Enabled" in str(of("aws_s3_bucket_versioning.files"))
    closed = of("aws_s3_bucket_public_access_block.files")
    assert [value for key, value in closed.items() if key.startswith(("block", "ignore", "restrict"))] == [True] * 4
    assert "var.backup_days" in str(of("aws_s3_bucket_lifecycle_configuration.files"))
    assert "aws:SecureTransport" in str(named("data")["aws_iam_policy_document.files"])


def test_the_queue_is_encrypted_and_has_a_second() -> None:
    queue = of("aws_elasticache_replication_group.ayumi")
    assert (queue["at_rest_encryption_enabled"], queue["transit_encryption_enabled"]) == (True, True)
    assert queue["automatic_failover_enabled"] is True
    assert "noeviction" in str(of("aws_elasticache_parameter_group.ayumi"))


def test_the_way_in_speaks_tls_of_today_and_refuses_what_is_doubtful() -> None:
    assert "TLS13-1-2-Res" in of("aws_lb_listener.https")["ssl_policy"]
    balancer = of("aws_lb.ayumi")
    assert (balancer["desync_mitigation_mode"], balancer["drop_invalid_header_fields"]) == ("strictest", True)
    assert "GET" in str(of("aws_lb_listener_rule.to_https")["condition"])


def test_no_secret_stands_in_it() -> None:
    assert not re.search(r"aws_secretsmanager_secret_version|random_password|^\s*(password|auth_token)\s*=", TEXT, re.M)
    assert "aws_secretsmanager_secret.ayumi" in named("resource")


def test_only_the_balancer_is_asked_from_outside() -> None:
    rules = {name: body for name, body in named("resource").items() if "ingress_rule" in name}
    assert rules.keys() == {f"aws_vpc_security_group_ingress_rule.{name}" for name in ("visitors", "inside")}
    assert [name.split(".")[1] for name, body in rules.items() if "0.0.0.0/0" in str(body)] == ["visitors"]
    assert '["balancer"]' in of("aws_vpc_security_group_ingress_rule.visitors")["security_group_id"]


def test_it_is_told_when_something_is_wrong() -> None:
    (alarm,) = [body for name, body in named("resource").items() if name.startswith("aws_cloudwatch_metric_alarm.")]
    assert "local.alarms" in alarm["for_each"]
    assert "aws_sns_topic.alarms" in str(alarm["alarm_actions"])


def test_settings_and_secrets_come_from_the_shared_lists() -> None:
    assert 'file("${path.module}/../settings.env")' in TEXT
    assert 'file("${path.module}/../secrets.json")' in TEXT
    assert Path(FOLDER / "../secrets.json").resolve().exists()
