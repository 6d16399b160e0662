"""Credentials are taken out before a model sees them; code that only looks like one stays.

The planted values are made here at random: a repository that holds tokens, even invented ones,
sets off every scanner on its way.
"""

from __future__ import annotations

import random
import string
import sysconfig
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.model.redaction import Secret, redact
from workers.model.secret_kinds import BLOCKS, PATTERNS

MIXED = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + "234567"
HEX = "0123456789abcdef"


def made(alphabet: str, length: int) -> str:
    """The same value in every run."""
    return "".join(random.Random(length).choices(alphabet, k=length))  # noqa: S311


PLANTED: dict[str, tuple[str, str]] = {
    "anthropic-key": ("key = '{}'", "sk-ant-api03-" + made(MIXED, 80)),
    "openai-key": ("key = '{}'", "sk-proj-" + made(MIXED, 48)),
    "aws-access-key-id": ("id: {}", "AKIA" + made(UPPER, 16)),
    "aws-secret-key": ("aws_secret_access_key = {}", made(MIXED + "/+", 40)),
    "github-token": ("- run: curl -H 'X: {}'", "ghs_" + made(MIXED, 36)),
    "github-fine-grained-token": ("{}", "github_pat_" + made(MIXED, 82)),
    "gitlab-token": ("{}", "glpat-" + made(MIXED, 20)),
    "slack-token": ("bot = `{}`", "xoxb-" + made(string.digits, 12) + "-" + made(MIXED, 24)),
    "slack-app-token": ("{}", "xapp-1-A" + made(UPPER, 10) + "-" + "1" * 13 + "-" + made(HEX, 64)),
    "slack-webhook": (
        "https://{}",
        f"hooks.slack.com/services/T{made(UPPER, 8)}/B{made(UPPER, 10)}/{made(MIXED, 24)}",
    ),
    "discord-webhook": (
        "https://{}",
        f"discord.com/api/webhooks/{made(string.digits, 18)}/{made(MIXED, 68)}",
    ),
    "discord-bot-token": ("{}", f"M{made(MIXED, 25)}.{made(MIXED, 6)}.{made(MIXED, 38)}"),
    "telegram-bot-token": ("{}", f"{made(string.digits, 9)}:AA{made(MIXED, 33)}"),
    "stripe-key": ("{}", "sk_live_" + made(MIXED, 24)),
    "stripe-webhook-secret": ("{}", "whsec_" + made(MIXED, 32)),
    "square-token": ("{}", "sq0atp-" + made(MIXED, 22)),
    "shopify-token": ("{}", "shpat_" + made(HEX, 32)),
    "google-api-key": ("{}", "AIza" + made(MIXED, 35)),
    "google-oauth-secret": ("{}", "GOCSPX-" + made(MIXED, 28)),
    "google-oauth-token": ("{}", "ya29." + made(MIXED, 60)),
    "npm-token": ("//npm.example.com/:_authToken={}", "npm_" + made(MIXED, 36)),
    "pypi-token": ("{}", "pypi-AgE" + made(MIXED, 120)),
    "rubygems-token": ("{}", "rubygems_" + made(HEX, 48)),
    "docker-token": ("{}", "dckr_pat_" + made(MIXED, 27)),
    "sendgrid-key": ("{}", f"SG.{made(MIXED, 22)}.{made(MIXED, 43)}"),
    "mailgun-key": ("{}", "key-" + made(HEX, 32)),
    "mailchimp-key": ("{}", made(HEX, 32) + "-us12"),
    "digitalocean-token": ("{}", "dop_v1_" + made(HEX, 64)),
    "vault-token": ("{}", "hvs." + made(MIXED, 90)),
    "terraform-token": ("{}", f"{made(MIXED, 14)}.atlasv1.{made(MIXED, 64)}"),
    "databricks-token": ("{}", "dapi" + made(HEX, 32)),
    "huggingface-token": ("{}", "hf_" + made(string.ascii_letters, 34)),
    "grafana-token": ("{}", "glsa_" + made(MIXED, 41)),
    "newrelic-key": ("{}", "NRAK-" + made(UPPER, 27)),
    "linear-key": ("{}", "lin_api_" + made(MIXED, 40)),
    "doppler-token": ("{}", "dp.pt." + made(MIXED, 43)),
    "postman-key": ("{}", f"PMAK-{made(HEX, 24)}-{made(HEX, 34)}"),
    "sentry-token": ("{}", "sntrys_" + made(MIXED, 80)),
    "age-key": ("{}", "AGE-SECRET-KEY-1" + made(UPPER, 58)),
    "groq-key": ("{}", "gsk_" + made(MIXED, 52)),
    "perplexity-key": ("{}", "pplx-" + made(MIXED, 48)),
    "replicate-token": ("{}", "r8_" + made(MIXED, 37)),
    "xai-key": ("{}", "xai-" + made(MIXED, 80)),
    "langsmith-key": ("{}", f"lsv2_pt_{made(HEX, 32)}_{made(HEX, 10)}"),
    "alibaba-access-key-id": ("id: {}", "LTAI" + made(MIXED, 20)),
    "aws-bedrock-key": ("{}", "ABSK" + made(MIXED, 128)),
    "azure-client-secret": ("{}", f"{made(MIXED, 3)}8Q~{made(MIXED, 34)}"),
    "azure-devops-token": ("{}", f"{made(MIXED, 76)}AZDO{made(MIXED, 4)}"),
    "azure-key": ("{}", f"{made(MIXED, 52)}JQQJ99{made(MIXED, 26)}"),
    "cloudflare-origin-key": ("{}", f"v1.0-{made(HEX, 24)}-{made(HEX, 146)}"),
    "fly-token": ("FlyV1 {}", "fm2_" + made(MIXED + "+/", 200)),
    "heroku-key": ("{}", "HRKU-" + made(MIXED, 60)),
    "netlify-token": ("{}", "nfp_" + made(MIXED, 36)),
    "planetscale-token": ("{}", "pscale_tkn_" + made(MIXED, 43)),
    "pulumi-token": ("{}", "pul-" + made(HEX, 40)),
    "supabase-token": ("{}", "sbp_" + made(HEX, 40)),
    "tailscale-key": ("{}", f"tskey-auth-{made(MIXED, 17)}-{made(MIXED, 33)}"),
    "vercel-blob-token": ("{}", f"vercel_blob_rw_{made(MIXED, 16)}_{made(MIXED, 30)}"),
    "atlassian-token": ("{}", "ATATT3xFfGF0" + made(MIXED, 180)),
    "bitbucket-token": ("{}", "ATBB" + made(MIXED, 32)),
    "buildkite-token": ("{}", "bkua_" + made(HEX, 40)),
    "circleci-token": ("{}", f"CCIPAT_{made(MIXED, 22)}_{made(HEX, 40)}"),
    "clojars-token": ("{}", "CLOJARS_" + made(HEX, 60)),
    "crates-token": ("{}", "cio" + made(MIXED, 32)),
    "jfrog-token": ("{}", "cmVmdGtu" + made(MIXED, 56)),
    "jfrog-key": ("{}", "AKCp" + made(MIXED, 69)),
    "nuget-key": ("{}", "oy2" + made(string.ascii_lowercase, 43)),
    "sonar-token": ("{}", "squ_" + made(HEX, 40)),
    "sourcegraph-token": ("{}", f"sgp_{made(HEX, 16)}_{made(HEX, 40)}"),
    "airtable-token": ("{}", f"pat{made(MIXED, 14)}.{made(HEX, 64)}"),
    "asana-token": ("{}", f"1/{made(string.digits, 16)}:{made(HEX, 32)}"),
    "contentful-token": ("{}", "CFPAT-" + made(MIXED, 43)),
    "dropbox-token": ("{}", "sl." + made(MIXED, 137)),
    "figma-token": ("{}", "figd_" + made(MIXED, 40)),
    "hubspot-token": (
        "{}",
        f"pat-na1-{made(HEX, 8)}-{made(HEX, 4)}-{made(HEX, 4)}-{made(HEX, 4)}-{made(HEX, 12)}",
    ),
    "notion-token": ("{}", "ntn_" + made(MIXED, 46)),
    "onepassword-token": ("{}", "ops_eyJ" + made(MIXED, 400)),
    "typeform-token": ("{}", "tfp_" + made(MIXED, 44)),
    "dynatrace-token": ("{}", f"dt0c01.{made(UPPER, 24)}.{made(UPPER, 64)}"),
    "posthog-key": ("{}", "phx_" + made(MIXED, 47)),
    "braintree-token": ("{}", f"access_token$sandbox${made(HEX, 16)}${made(HEX, 32)}"),
    "brevo-key": ("{}", f"xkeysib-{made(HEX, 64)}-{made(MIXED, 16)}"),
    "easypost-key": ("{}", "EZAK" + made(MIXED, 54)),
    "mapbox-secret-token": ("{}", f"sk.eyJ{made(MIXED, 80)}.{made(MIXED, 22)}"),
    "meta-token": ("{}", "EAA" + made(MIXED, 180)),
    "resend-key": ("{}", f"re_{made(MIXED, 8)}_{made(MIXED, 24)}"),
    "shippo-token": ("{}", "shippo_live_" + made(HEX, 40)),
    "jwt": ("Cookie: session={}", f"eyJ{made(MIXED, 33)}.eyJ{made(MIXED, 60)}.{made(MIXED, 43)}"),
    "azure-storage-key": ("AccountName=a;AccountKey={};", made(MIXED, 86) + "=="),
    "azure-sas": ("https://a/b?sv=2024-01-01&sr=b&sig={}", made(MIXED, 43) + "%3D"),
    "twilio-auth-token": ("twilio.Client(sid, token)  # TWILIO_AUTH={}", made(HEX, 32)),
    "password-in-url": ("postgres://app:{}@db.internal:5432/app", made(MIXED, 18)),
    "authorization-header": ("'Authorization': 'Bearer {}'", made(MIXED, 32)),
    "docker-registry-auth": ('"auth": "{}"', made(MIXED, 40)),
    "assigned-secret": ('DB_PASSWORD = "{}"', made(MIXED + "!@#", 20)),
}


@pytest.mark.parametrize("kind", sorted(PLANTED))
def test_each_planted_kind_is_taken_out_and_named_by_kind_and_line(kind: str) -> None:
    frame, value = PLANTED[kind]
    text = f"first\n{frame.format(value)}\nlast"
    assert redact(text) == (
        f"first\n{frame.format(f'[redacted: {kind}]')}\nlast",
        (Secret(kind, 2),),
    )


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("gitlab-token", "glrtr-" + made(MIXED, 20)),
        ("gitlab-token", "glagent-" + made(MIXED, 50)),
        ("gitlab-token", "GR1348941" + made(MIXED, 20)),
        ("bitbucket-token", "ATCTT3xFfGN0" + made(MIXED, 180)),
        ("supabase-token", "sb_secret_" + made(MIXED, 31)),
        ("sourcegraph-token", "sgp_" + made(HEX, 40)),
    ],
)
def test_other_forms_of_one_issuer_go_too(kind: str, value: str) -> None:
    assert redact(f"key: '{value}'") == (f"key: '[redacted: {kind}]'", (Secret(kind, 1),))


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("https://me:{}@host/x", "s3cretword"),
        ("amqp://shop:{}@queue.internal", "correct-horse"),
        ("redis://:{}@cache:6379/0", "hunter22"),
        ("git+https://bob:{}@git.acme.dev/shop.git", "p%40ssw%3Aord"),
        ("'mysql://root:{}@db'", "Winter2024!"),
    ],
)
def test_a_login_in_a_url_goes_however_plain_its_word(url: str, password: str) -> None:
    marked = url.format("[redacted: password-in-url]")
    assert redact(url.format(password)) == (marked, (Secret("password-in-url", 1),))


@pytest.mark.parametrize(
    "url",
    [
        "https://user:password@host/x",
        "https://user:your-password-here@host",
        "https://user:my_secret@host",
        "postgres://postgres:postgres@localhost/db",
        "https://x-access-token:${TOKEN}@github.com/acme/shop",
        "https://x-access-token:{token}@github.com/acme/shop",
        "https://me:<password>@host",
        "https://me:%(password)s@host",
        "https://me:$PASSWORD@host",
        "https://me:GITHUB_TOKEN@host",
        "https://token:x-oauth-basic@github.com/acme/shop",
        "https://user@host:8443/mail@host",
        "ssh://git@github.com:22/acme/shop",
        "git@github.com:acme/shop.git",
        "mailto:someone@host",
        "docker://alpine:3.20.1@sha256:9f86d081884c7d65",
        "npm://left:right, then@host",
        "http://localhost:8080/profile/@me",
    ],
)
def test_a_url_without_a_login_of_its_own_stays(url: str) -> None:
    assert redact(url) == (url, ())


@pytest.mark.parametrize("length", [7, 32, 40, 56, 64, 128])
def test_plain_hashes_and_ids_stay(length: int) -> None:
    digest = made(HEX, length)
    text = (
        f"commit {digest}\nsha256:{digest}\n- uses: actions/checkout@{digest}\n"
        f"https://example.com/assets/app-{digest}.js\n    --hash=sha256:{digest} \\\n"
        f'"integrity": "sha512-{made(MIXED + "+/", 86)}=="\n'
        f"urn:uuid:{made(HEX, 8)}-{made(HEX, 4)}\n"
        f"etag = {digest}\nregistry/2.{length}/{made(string.digits, 16)}:{length}\n"
    )
    assert redact(text) == (text, ())


def test_every_kind_known_is_planted() -> None:
    blocks = {pattern.kind for pattern in BLOCKS}
    assert {pattern.kind for pattern in PATTERNS} == set(PLANTED)
    assert blocks == {"private-key", "putty-private-key"}


@pytest.mark.parametrize("prefix", ["", "+", "    "])
def test_a_private_key_goes_line_by_line(prefix: str) -> None:
    begin, end = ("-----" + edge + " EC PRIVATE KEY-----" for edge in ("BEGIN", "END"))
    lines = [begin, made(MIXED, 64), made(MIXED, 64), made(MIXED, 20) + "==", end, "after"]
    text = "\n".join(prefix + line for line in lines)
    clean, found = redact(text)
    mark = "[redacted: private-key]"
    assert clean == "\n".join([prefix + mark, mark, mark, mark, mark, prefix + "after"])
    assert found == (Secret("private-key", 1),)


def test_a_private_key_that_is_cut_off_or_in_a_string_goes_too() -> None:
    begin = "-----" + "BEGIN RSA PRIVATE KEY-----"
    body = made(MIXED, 64)
    assert body not in redact(f"{begin}\n{body}\n{body}")[0]
    assert (
        body
        not in redact(f'key = "{begin}\\n{body}\\n{body}\\n{begin[:5]}END RSA PRIVATE KEY-----"')[0]
    )
    putty = (
        f"PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1\n{body}\nPrivate-MAC: {made(HEX, 40)}"
    )
    assert redact(putty)[0].split("\n") == ["[redacted: putty-private-key]"] * 4


def test_values_in_env_and_yaml_files_need_no_quotes() -> None:
    value = made(MIXED, 24)
    assert redact(f"API_KEY={value}\nname: x\nclient_secret: {value}\n")[0] == (
        "API_KEY=[redacted: assigned-secret]\nname: x\nclient_secret: [redacted: assigned-secret]\n"
    )


@pytest.mark.parametrize(
    "code",
    [
        'password = os.environ["DB_PASSWORD"]',
        'password = "changeme-example-1234"',
        'api_key = "your-api-key-goes-here-2024"',
        'secret_name = "projects/billing/secrets/key"',
        "token = generate_token(user_id, expires_in=3600)",
        'sha = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
        'integrity = "sha512-abcdefABCDEF0123456789+/abcdefABCDEF0123456789=="',
        "https://user@example.com/path:8080",
        "postgres://user:password@localhost/db",
        "redis://:${REDIS_PASSWORD}@cache:6379",
        "secret_key_base = crypto_sign_curve_BYTES",
        "-----BEGIN PUBLIC KEY-----",
        'START = b"-----BEGIN OPENSSH PRIVATE KEY-----"\ndef parse(data):\n    return data[1:]\n'
        'END = b"-----END OPENSSH PRIVATE KEY-----"',
        "class sk_testing_helper_for_long_names_of_things: pass",
    ],
)
def test_code_that_only_looks_like_a_credential_stays(code: str) -> None:
    assert redact(code) == (code, ())


def test_at_most_one_file_in_a_hundred_of_real_source_is_touched() -> None:
    """1 % is the ceiling; over all installed packages it was 2 of 5,927 files."""
    installed = Path(sysconfig.get_path("purelib"))
    packages = ("pydantic", "rq", "redis", "click", "jwt", "uvicorn", "github")
    ours = Path(__file__).parents[2]
    folders = [ours / "bot", ours / "workers", *(installed / name for name in packages)]
    texts = [
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in folder.rglob("*.py")
        if "types" not in path.parts  # generated, and half of all files
    ]
    touched = sum(bool(redact(text)[1]) for text in texts)
    assert len(texts) > 300
    assert touched <= len(texts) / 100


@pytest.mark.parametrize(
    "unit",
    [
        "-----BEGIN RSA PRIVATE KEY-----",
        "PuTTY-User-Key-File-3 ",
        "eyJ-",
        "a://b:",
        "ab://b:cdefgh",
        "password",
        "?sv=aaaa",
        "ghp_" + "a1B2" * 9 + "\n",
    ],
)
def test_no_text_makes_redaction_slow(unit: str) -> None:
    """Half a megabyte took at most half a second; a quadratic pattern would need minutes."""
    started = time.process_time()
    redact(unit * (500_000 // len(unit)))
    assert time.process_time() - started < 10


@given(st.text(alphabet=MIXED + " \n\r=:\"'/@.-_{}", max_size=400))
def test_line_structure_stays_and_redacting_twice_changes_nothing(text: str) -> None:
    clean, _ = redact(text)
    assert clean.count("\n") == text.count("\n")
    assert redact(clean) == (clean, ())
