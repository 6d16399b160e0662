"""From the name that is installed to the names that code imports, by each ecosystem's rule."""

from __future__ import annotations

from collections.abc import Callable

from workers.repository.dependencies.listing import Ecosystem

_PYTHON = {
    "attrs": ("attr", "attrs"),
    "beautifulsoup4": ("bs4",),
    "djangorestframework": ("rest_framework",),
    "djangorestframework-simplejwt": ("rest_framework_simplejwt",),
    "fonttools": ("fontTools",),
    "gitpython": ("git",),
    "google-api-python-client": ("googleapiclient",),
    "google-auth": ("google.auth", "google.oauth2"),
    "griffelib": ("griffe",),
    "grpcio": ("grpc",),
    "markdown-it-py": ("markdown_it",),
    "msgpack-python": ("msgpack",),
    "mysqlclient": ("MySQLdb",),
    "opencv-python": ("cv2",),
    "opencv-python-headless": ("cv2",),
    "pillow": ("PIL",),
    "protobuf": ("google.protobuf",),
    "psycopg2-binary": ("psycopg2",),
    "pycryptodome": ("Crypto",),
    "pygithub": ("github",),
    "pyjwt": ("jwt",),
    "pynacl": ("nacl",),
    "pyopenssl": ("OpenSSL",),
    "pyserial": ("serial",),
    "python-dateutil": ("dateutil",),
    "python-docx": ("docx",),
    "python-dotenv": ("dotenv",),
    "python-jose": ("jose",),
    "python-ldap": ("ldap",),
    "python-multipart": ("multipart", "python_multipart"),
    "python-slugify": ("slugify",),
    "pyyaml": ("yaml",),
    "pyzmq": ("zmq",),
    "ruamel-yaml": ("ruamel.yaml",),
    "scikit-image": ("skimage",),
    "scikit-learn": ("sklearn",),
    "setuptools": ("setuptools", "pkg_resources"),
    "websocket-client": ("websocket",),
}
"""Where the import name is not the distribution's with underscores (PyPI projects' own pages)."""


def import_names(
    ecosystem: Ecosystem, package: str, namespaces: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """What an import of this package begins with; () where no rule says it.

    `namespaces` are what the lock file or the artefact itself tells; they win.
    """
    rule = _RULES.get(ecosystem)
    return namespaces or (rule(package) if rule is not None else ())


def _python(package: str) -> tuple[str, ...]:
    """`poetry-core` is `poetry_core`, or `poetry.core` in a namespace."""
    return tuple(dict.fromkeys((package.replace("-", "_"), package.replace("-", "."))))


def _typed_by(package: str) -> str:
    """`@types/acme__ui` holds the types of `@acme/ui`."""
    if not package.startswith("@types/"):
        return package
    scope, double, rest = package.removeprefix("@types/").partition("__")
    return f"@{scope}/{rest}" if double else scope


_RULES: dict[Ecosystem, Callable[[str], tuple[str, ...]]] = {
    "python": lambda package: _PYTHON.get(package) or _python(package),
    "npm": lambda package: (_typed_by(package),),
    "cargo": lambda package: (package.replace("-", "_"),),
    "bundler": lambda package: tuple(dict.fromkeys((package, package.replace("-", "/")))),
    "go": lambda package: (package,),
    "maven": lambda package: (package.partition(":")[0],),
}
