"""The Dockerfile and the examples for Compose and Kubernetes: well formed, and with settings that exist."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import BASE_DIR
from tests.facesite.test_settings import names_read
from tests.patience import PATIENCE

FOLDER = BASE_DIR / "docs" / "deployment"
EXAMPLES = ("compose.yaml", "compose-many.yaml", "kubernetes.yaml")


def documents(name: str) -> list[Any]:
    return list(yaml.safe_load_all((FOLDER / name).read_text()))


def containers() -> Iterator[dict[str, Any]]:
    for document in documents("kubernetes.yaml"):
        if document["kind"] == "Deployment":
            yield from document["spec"]["template"]["spec"]["containers"]


def services(name: str) -> dict[str, dict[str, Any]]:
    """Those that run facesite."""
    (document,) = documents(name)
    return {key: each for key, each in document["services"].items() if each["image"] == "facesite"}


def settings_named(name: str) -> set[str]:
    if name != "kubernetes.yaml":
        return {setting for each in services(name).values() for setting in each.get("environment", {})}
    text = (FOLDER / name).read_text()
    (values,) = [each["data"] for each in documents(name) if each["kind"] == "ConfigMap"]
    own = {env["name"] for each in containers() for env in each.get("env", [])} - {"POD_IP"}
    return {*values, *own, *re.findall(r"--from-literal=(\w+)=", text)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_setting_exists(name: str) -> None:
    assert settings_named(name)
    assert settings_named(name) <= names_read()


@pytest.mark.parametrize("name", ["compose-many.yaml", "kubernetes.yaml"])
def test_several_machines_share_everything(name: str) -> None:
    shared = {"SECRET_KEY", "DATABASE_URL", "TASKS", "CELERY_BROKER_URL", "S3_BUCKET"}
    assert shared <= settings_named(name)


@pytest.mark.parametrize("name", ["compose.yaml", "compose-many.yaml"])
def test_containers_may_do_little(name: str) -> None:
    for service in services(name).values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "/tmp" in service["tmpfs"]  # noqa: S108


def test_pods_may_do_little() -> None:
    found = list(containers())
    assert len(found) == 2
    for container in found:
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert not container["securityContext"]["allowPrivilegeEscalation"]


def test_probes_ask_for_addresses_that_exist() -> None:
    from django.urls import resolve

    site = next(containers())
    probes = [site[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")]
    assert [resolve(probe["path"]).view_name for probe in probes] == ["alive", "alive", "ready"]
    # Any other host would be refused.
    assert all(probe["httpHeaders"] == [{"name": "Host", "value": "localhost"}] for probe in probes)


def test_workers_are_scaled_by_a_metric_that_exists() -> None:
    (scaler,) = [each for each in documents("kubernetes.yaml") if each["kind"] == "HorizontalPodAutoscaler"]
    name = scaler["spec"]["metrics"][0]["external"]["metric"]["name"]
    assert f'Gauge("{name}"' in (BASE_DIR / "landmarks/http/metrics.py").read_text()


def test_the_dockerfile_has_no_findings() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [hadolint, "--failure-threshold", "style", BASE_DIR / "Dockerfile"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
