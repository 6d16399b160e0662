"""The forms of credentials that can be told by sight. Each form is its issuer's published one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workers.model.issuers import ISSUERS


@dataclass(frozen=True, slots=True)
class SecretPattern:
    """One form. One of `hints`, in lower case, stands in every text that holds it: a cheap filter.

    `guessed`: only the name beside the value speaks for it, so the value must look random too.
    """

    kind: str
    hints: tuple[str, ...]
    regex: re.Pattern[str]
    guessed: bool = False


def _token(kind: str, hint: str, regex: str) -> SecretPattern:
    return SecretPattern(kind, (hint,), re.compile(rf"(?<![A-Za-z0-9_]){regex}(?![A-Za-z0-9_])"))


def _beside(kind: str, hint: str, regex: str, guessed: bool = False) -> SecretPattern:
    return SecretPattern(kind, (hint,), re.compile(regex, re.IGNORECASE), guessed)


BLOCKS: tuple[SecretPattern, ...] = (
    SecretPattern(
        "private-key",
        ("private key",),
        # whole, also within a string literal; or cut off, as at the end of a hunk: its lines
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r"(?:(?:(?!-----BEGIN)[A-Za-z0-9+/=\s\\\"',:.()\-]){64,20000}?"
            r"-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r"|(?:\r?\n[ +\-]?[ \t]*[A-Za-z0-9+/=]{16,80}[ \t]*)+)"
        ),
    ),
    SecretPattern(
        "putty-private-key",
        ("putty-user-key-file",),
        re.compile(
            r"PuTTY-User-Key-File-\d(?:(?!PuTTY-User)[\s\S]){0,20000}?Private-MAC: [0-9a-f]+"
        ),
    ),
)

_NAMING_WORDS = ("passw", "secret", "api", "token", "access_key", "accesskey", "credential")
_ASSIGNED_TO = (
    r"(?:passw(?:or)?d|secret|api_?key|access_?key|(?:auth|access|api|bot|bearer)_?token"
    r"|credential)"
    r"[A-Za-z0-9_\-]{0,40}[\"']?\]?[ \t]*(?:=>|:=|[:=])[ \t]*"
)

_WORDS_FOR_ONE = (
    r"[^\s/@]{0,100}(?:example|sample|dummy|placeholder|change.?me|your|xxx|\*\*\*|test|fake|mock"
    r"|todo|redacted)"
    r"|(?:my|the|some|super|top|db|user|access|auth|api|git|github)?[_\-]?(?:pass|passwd|password"
    r"|passphrase|pwd|secret|token|key|credentials?)(?:[_\-]?(?:here|\d{1,3}))?@"
    r"|x-oauth-basic@|%\(\w+\)s@|(?-i:[A-Z_]+@)|(?P=user)@"
)
"""Words for one; the name of a variable; a login like `postgres:postgres`, which hides nothing."""
_LOGIN_IN_URL = (
    r"[a-z][a-z0-9+.\-]{1,20}://(?P<user>[^\s:/@\"'<>{}$]{0,80})"
    rf":(?!{_WORDS_FOR_ONE})(?P<value>[^\s/@\"'<>{{}}$]{{6,120}})"
    r"@(?!sha(?:256|512):)[\w.\-]+"  # an image's digest is no host
)

PATTERNS: tuple[SecretPattern, ...] = (
    _token("anthropic-key", "sk-ant-", r"sk-ant-[A-Za-z0-9_\-]{20,200}"),
    _token("openai-key", "sk-", r"sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_\-]{32,200}"),
    _token("aws-access-key-id", "a", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),
    _token("github-token", "gh", r"gh[pousr]_(?:[A-Za-z0-9]{36,255}|[\w\-.]{60,2000})"),
    _token("github-fine-grained-token", "github_pat_", r"github_pat_[A-Za-z0-9_]{40,255}"),
    _token("gitlab-token", "gl", r"gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_\-]{20,64}"),
    _token("slack-token", "xox", r"xox[abeoprs]-[A-Za-z0-9\-]{10,250}"),
    _token("slack-app-token", "xapp-", r"xapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{32,}"),
    _token("slack-webhook", "hooks.slack.com", r"hooks\.slack\.com/services/T\w+/B\w+/\w{20,}"),
    _token(
        "discord-webhook",
        "api/webhooks/",
        r"discord(?:app)?\.com/api/webhooks/\d{17,20}/[\w\-]{60,}",
    ),
    _token("discord-bot-token", ".", r"[MNO][A-Za-z\d_\-]{23,27}\.[\w\-]{6}\.[\w\-]{27,40}"),
    _token("telegram-bot-token", ":aa", r"\d{8,10}:AA[\w\-]{33}"),
    _token("stripe-key", "k_", r"[rs]k_(?:live|test)_[A-Za-z0-9]{20,250}"),
    _token("stripe-webhook-secret", "whsec_", r"whsec_[A-Za-z0-9+/=]{24,100}"),
    _token("square-token", "sq0", r"sq0(?:atp|csp|idp)-[\w\-]{22,60}"),
    _token("shopify-token", "shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    _token("google-api-key", "aiza", r"AIza[\w\-]{35}"),
    _token("google-oauth-secret", "gocspx-", r"GOCSPX-[\w\-]{28}"),
    _token("google-oauth-token", "ya29.", r"ya29\.[\w\-]{30,250}"),
    _token("npm-token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _token("pypi-token", "pypi-", r"pypi-AgE[\w\-]{50,250}"),
    _token("rubygems-token", "rubygems_", r"rubygems_[a-f0-9]{48}"),
    _token("docker-token", "dckr_", r"dckr_(?:pat|oat)_[\w\-]{20,64}"),
    _token("sendgrid-key", "sg.", r"SG\.[\w\-]{20,24}\.[\w\-]{39,50}"),
    _token("mailgun-key", "key-", r"key-[0-9a-f]{32}"),
    _token("mailchimp-key", "-us", r"[0-9a-f]{32}-us\d{1,2}"),
    _token("digitalocean-token", "_v1_", r"do[por]_v1_[a-f0-9]{64}"),
    _token("vault-token", "hv", r"hv[sbr]\.[\w\-]{24,200}"),
    _token("terraform-token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[\w\-]{60,70}"),
    _token("databricks-token", "dapi", r"dapi[0-9a-f]{32}(?:-\d)?"),
    _token("huggingface-token", "hf_", r"hf_[A-Za-z]{34}"),
    _token("grafana-token", "gl", r"gl(?:sa|c)_[A-Za-z0-9+/=_]{32,200}"),
    _token("newrelic-key", "nrak-", r"NRAK-[A-Z0-9]{27}"),
    _token("linear-key", "lin_", r"lin_(?:api|oauth)_[A-Za-z0-9]{32,64}"),
    _token("doppler-token", "dp.", r"dp\.(?:pt|st|ct|sa|scim)\.[A-Za-z0-9.]{40,60}"),
    _token("postman-key", "pmak-", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    _token("sentry-token", "sntry", r"sntry[su]_[A-Za-z0-9+/=_]{40,300}"),
    _token("age-key", "age-secret-key-", r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    _token("jwt", "eyj", r"(?<!-)eyJ[\w\-]{10,2000}\.eyJ[\w\-]{10,4000}\.[\w\-]{20,1000}"),
    *(_token(*issuer) for issuer in ISSUERS),
    _beside(
        "azure-storage-key",
        "key=",
        r"(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{40,90}=*)",
    ),
    _beside("azure-sas", "sig=", r"[?&]sv=[^\s\"']{4,300}?&sig=(?P<value>[A-Za-z0-9%+/]{40,90}=*)"),
    _beside(
        "aws-secret-key",
        "secret",
        r"aws[^\n]{0,20}secret[^\n]{0,20}[:=>][ \t\"']{0,4}"
        r"(?P<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _beside(
        "twilio-auth-token",
        "twilio",
        r"twilio[^\n]{0,40}[:=(,][ \t\"']{0,4}(?P<value>(?:SK)?[0-9a-f]{32})(?![0-9a-f])",
    ),
    _beside("password-in-url", "://", _LOGIN_IN_URL),
    _beside(
        "authorization-header",
        "authorization",
        r"authorization[\"']?[ \t]*[:=,][ \t]*[\"']?(?:bearer|basic|token)[ \t]+"
        r"(?P<value>[A-Za-z0-9+/=_.\-]{16,1000})",
        guessed=True,
    ),
    _beside(
        "docker-registry-auth",
        '"auth"',
        r'"auth"[ \t]*:[ \t]*"(?P<value>[A-Za-z0-9+/]{20,}={0,2})"',
        True,
    ),
    SecretPattern(
        "assigned-secret",
        _NAMING_WORDS,
        re.compile(
            _ASSIGNED_TO + r"[bru]?[\"'`](?P<value>[A-Za-z0-9+/=_.~!@#%^&*\-]{12,200})[\"'`]",
            re.IGNORECASE,
        ),
        guessed=True,
    ),
    SecretPattern(
        "assigned-secret",  # bare, as in .env and YAML files
        _NAMING_WORDS,
        re.compile(
            _ASSIGNED_TO + r"(?P<value>[A-Za-z0-9+/=_\-]{16,200})[ \t]*$",
            re.IGNORECASE | re.MULTILINE,
        ),
        guessed=True,
    ),
)
