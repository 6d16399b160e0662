"""Which file is a manifest or a lock file, by its name, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from workers.repository.dependencies.listing import MOST_ENTRIES, Listing, Unreadable
from workers.repository.dependencies.readers.bun_lock import read_bun_lock
from workers.repository.dependencies.readers.bundler import read_gemfile, read_gemfile_lock
from workers.repository.dependencies.readers.cargo import read_cargo_lock, read_cargo_toml
from workers.repository.dependencies.readers.composer import read_composer_json, read_composer_lock
from workers.repository.dependencies.readers.go_mod import read_go_mod, read_go_sum
from workers.repository.dependencies.readers.gradle import (
    read_catalogue,
    read_gradle,
    read_gradle_lock,
)
from workers.repository.dependencies.readers.images import read_dockerfile, read_image_file
from workers.repository.dependencies.readers.maven import read_pom
from workers.repository.dependencies.readers.nuget import (
    read_nuget_lock,
    read_packages_config,
    read_project,
)
from workers.repository.dependencies.readers.package_json import read_package_json
from workers.repository.dependencies.readers.package_lock import read_package_lock
from workers.repository.dependencies.readers.pipfile import read_pipfile, read_pipfile_lock
from workers.repository.dependencies.readers.pnpm_lock import read_pnpm_lock
from workers.repository.dependencies.readers.pyproject import read_pyproject
from workers.repository.dependencies.readers.python_locks import (
    read_poetry_lock,
    read_pylock,
    read_uv_lock,
)
from workers.repository.dependencies.readers.requirements_txt import read_requirements
from workers.repository.dependencies.readers.workflows import read_workflow
from workers.repository.dependencies.readers.yarn_lock import read_yarn_lock

LARGEST_BYTES = 2_000_000

Role = Literal["manifest", "lock"]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. `manifests` are the names that a lock file of this kind belongs to."""

    name: str
    role: Role
    read: Callable[[str], Listing]
    manifests: tuple[str, ...] = ()


_NODE = ("package.json",)
_BY_NAME = {
    "pyproject.toml": Format("pyproject.toml", "manifest", read_pyproject),
    "Pipfile": Format("Pipfile", "manifest", read_pipfile),
    "Pipfile.lock": Format("Pipfile.lock", "lock", read_pipfile_lock, ("Pipfile",)),
    "uv.lock": Format("uv.lock", "lock", read_uv_lock, ("pyproject.toml",)),
    "poetry.lock": Format("poetry.lock", "lock", read_poetry_lock, ("pyproject.toml",)),
    "pdm.lock": Format("pdm.lock", "lock", read_poetry_lock, ("pyproject.toml",)),
    "pylock.toml": Format("pylock.toml", "lock", read_pylock),  # may hold some groups alone
    "package.json": Format("package.json", "manifest", read_package_json),
    "package-lock.json": Format("package-lock.json", "lock", read_package_lock, _NODE),
    "npm-shrinkwrap.json": Format("npm-shrinkwrap.json", "lock", read_package_lock, _NODE),
    "pnpm-lock.yaml": Format("pnpm-lock.yaml", "lock", read_pnpm_lock, _NODE),
    "yarn.lock": Format("yarn.lock", "lock", read_yarn_lock, _NODE),
    "bun.lock": Format("bun.lock", "lock", read_bun_lock, _NODE),
    "go.mod": Format("go.mod", "manifest", read_go_mod),
    "go.sum": Format("go.sum", "lock", read_go_sum, ("go.mod",)),
    "Cargo.toml": Format("Cargo.toml", "manifest", read_cargo_toml),
    "Cargo.lock": Format("Cargo.lock", "lock", read_cargo_lock, ("Cargo.toml",)),
    "pom.xml": Format("pom.xml", "manifest", read_pom),
    "build.gradle": Format("build.gradle", "manifest", read_gradle),
    "build.gradle.kts": Format("build.gradle.kts", "manifest", read_gradle),
    "libs.versions.toml": Format("libs.versions.toml", "manifest", read_catalogue),
    "gradle.lockfile": Format(
        "gradle.lockfile", "lock", read_gradle_lock, ("build.gradle", "build.gradle.kts")
    ),
    "Gemfile": Format("Gemfile", "manifest", read_gemfile),
    "Gemfile.lock": Format("Gemfile.lock", "lock", read_gemfile_lock, ("Gemfile",)),
    "composer.json": Format("composer.json", "manifest", read_composer_json),
    "composer.lock": Format("composer.lock", "lock", read_composer_lock, ("composer.json",)),
    "packages.lock.json": Format("packages.lock.json", "lock", read_nuget_lock),
    "Directory.Packages.props": Format("Directory.Packages.props", "manifest", read_project),
    "packages.config": Format("packages.config", "manifest", read_packages_config),
}
REQUIREMENTS = Format("requirements.txt", "manifest", read_requirements)
_BY_PATTERN = (
    (re.compile(r"(^|/)[\w.-]*(requirements|constraints)[\w.-]*\.(txt|in|lock)$"), REQUIREMENTS),
    (re.compile(r"(^|/)requirements/[\w.-]+\.(txt|in)$"), REQUIREMENTS),
    (re.compile(r"\.(cs|fs|vb)proj$"), Format("project file", "manifest", read_project)),
    (
        re.compile(r"(^|/)\.github/workflows/[^/]+\.ya?ml$|(^|/)action\.ya?ml$"),
        Format("workflow", "manifest", read_workflow),
    ),
    (
        re.compile(r"(^|/)((Dockerfile|Containerfile)(\.[\w.-]+)?|[\w.-]+\.Dockerfile)$"),
        Format("Dockerfile", "manifest", read_dockerfile),
    ),
    (
        re.compile(r"(^|/)(docker-)?compose[\w.-]*\.ya?ml$"),
        Format("Compose file", "manifest", read_image_file),
    ),
    (
        re.compile(r"(^|/)(k8s|kubernetes|manifests|deploy|deployment)/.*\.ya?ml$"),
        Format("Kubernetes file", "manifest", read_image_file),
    ),
)


def format_of(path: str) -> Format | None:
    """What this path's name says that it is."""
    known = _BY_NAME.get(path.rpartition("/")[2])
    if known is not None:
        return known
    return next((form for pattern, form in _BY_PATTERN if pattern.search(path)), None)


def manifest_names(lock: str) -> tuple[str, ...]:
    """The manifests that a lock file of this name belongs to; () for any other file."""
    form = _BY_NAME.get(lock)
    return form.manifests if form is not None else ()


def lock_names(manifest: str) -> tuple[str, ...]:
    """The lock files that may stand beside a manifest of this name."""
    return tuple(name for name, form in _BY_NAME.items() if manifest in form.manifests)


def is_dependency_file(path: str) -> bool:
    """Whether this is a manifest or a lock file, by its name."""
    return format_of(path) is not None


@lru_cache(maxsize=4)
def read_listing(form: Format, content: bytes) -> Listing:
    """Read one file; the last few are remembered, several questions are asked of each.

    Raises:
        Unreadable: it is not what its name says, or too large.
    """
    if len(content) > LARGEST_BYTES:
        raise Unreadable(f"it has {len(content):,} bytes, the cap is {LARGEST_BYTES:,}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8") from error
    return _capped(form.read(text))


def _capped(listing: Listing) -> Listing:
    most = max(len(listing.requirements), len(listing.locked))
    if most <= MOST_ENTRIES:
        return listing
    return replace(
        listing,
        requirements=listing.requirements[:MOST_ENTRIES],
        locked=listing.locked[:MOST_ENTRIES],
        notes=(*listing.notes, f"only the first {MOST_ENTRIES:,} of {most:,} entries are read"),
    )
