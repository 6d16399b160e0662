"""More issuers whose credentials begin (or are built) so that scanners can tell them.

The kinds are those of https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns;
each form is the one that its issuer prints, where a comment names its page. Each begins with words
or has an inner shape that no hash has: what is plain hexadecimal is told only by the name beside it
(`secret_kinds`).
"""

from __future__ import annotations

ISSUERS: tuple[tuple[str, str, str], ...] = (
    # models
    ("groq-key", "gsk_", r"gsk_[A-Za-z0-9]{52}"),
    ("perplexity-key", "pplx-", r"pplx-[A-Za-z0-9]{48}"),
    ("replicate-token", "r8_", r"r8_[A-Za-z0-9]{37}"),
    ("xai-key", "xai-", r"xai-[A-Za-z0-9]{70,90}"),
    ("langsmith-key", "lsv2_", r"lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}"),
    # clouds and platforms
    ("alibaba-access-key-id", "ltai", r"LTAI[A-Za-z0-9]{17,24}"),
    ("aws-bedrock-key", "absk", r"ABSK[A-Za-z0-9+/]{109,269}={0,2}"),
    ("azure-client-secret", "q~", r"[A-Za-z0-9_~.\-]{3}\dQ~[A-Za-z0-9_~.\-]{31,34}"),
    ("azure-devops-token", "azdo", r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}"),
    ("azure-key", "jqqj9", r"[A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9]{26}"),
    ("cloudflare-origin-key", "v1.0-", r"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}"),
    ("fly-token", "fm", r"fm[12][ar]?_[A-Za-z0-9+/=_,\-]{100,800}"),
    ("heroku-key", "hrku-", r"HRKU-[A-Za-z0-9_\-]{36,62}"),
    ("netlify-token", "nfp_", r"nfp_[A-Za-z0-9]{36}"),
    ("planetscale-token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[\w\-.=]{32,64}"),
    ("pulumi-token", "pul-", r"pul-[a-f0-9]{40}"),
    ("supabase-token", "sb", r"(?:sbp_[a-f0-9]{40}|sb_secret_[\w\-]{31,60})"),
    ("tailscale-key", "tskey-", r"tskey-(?:api|auth|client|scim|webhook)-\w{8,32}-\w{20,64}"),
    ("vercel-blob-token", "vercel_blob_rw_", r"vercel_blob_rw_[A-Za-z0-9]{16}_[A-Za-z0-9]{30}"),
    # code, builds and packages
    ("atlassian-token", "atatt3", r"ATATT3[\w\-=]{150,250}"),
    ("bitbucket-token", "at", r"(?:ATBB[A-Za-z0-9]{32}|ATCTT3[\w\-=]{150,250})"),
    ("buildkite-token", "bkua_", r"bkua_[a-f0-9]{40}"),
    ("circleci-token", "ccip", r"CCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}"),
    ("clojars-token", "clojars_", r"CLOJARS_[a-f0-9]{60}"),
    ("crates-token", "cio", r"cio[A-Za-z0-9]{32}"),
    # https://docs.gitlab.com/security/tokens/#token-prefixes; the older ones are "gitlab-token" too
    ("gitlab-token", "gl", r"gl(?:rtr|imt|agent|oas|ffct|wt)-[\w\-.]{20,80}"),
    ("gitlab-token", "gr1348941", r"GR1348941[\w\-]{20}"),
    ("jfrog-token", "cmvmdgtu", r"cmVmdGtu[A-Za-z0-9]{56}"),
    ("jfrog-key", "akc", r"AKCp[A-Za-z0-9]{68,70}"),
    ("nuget-key", "oy2", r"oy2[a-z0-9]{43}"),
    ("sonar-token", "sq", r"sq[apu]_[a-f0-9]{40}"),
    ("sourcegraph-token", "sgp_", r"sgp_(?:(?:[a-f0-9]{16}|local)_)?[a-f0-9]{40}"),
    # what a team works with
    # https://airtable.com/developers/web/guides/personal-access-tokens
    ("airtable-token", "pat", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    ("asana-token", "/", r"[0-2]/\d{13,19}(?:/\d{13,19})?:[a-f0-9]{32}"),
    ("contentful-token", "cfpat-", r"CFPAT-[\w\-]{43}"),
    ("dropbox-token", "sl.", r"sl\.(?:u\.)?[\w\-]{130,1500}"),
    ("figma-token", "fig", r"fig[dor]_[\w\-]{40,60}"),
    ("hubspot-token", "pat-", r"pat-(?:na|eu|ap)\d-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}"),
    ("notion-token", "ntn_", r"ntn_[A-Za-z0-9]{40,50}"),
    ("onepassword-token", "ops_eyj", r"ops_eyJ[\w\-]{200,2000}"),
    ("typeform-token", "tfp_", r"tfp_[\w\-]{40,70}"),
    # https://docs.dynatrace.com/docs/shortlink/token: prefix, public and secret portion
    ("dynatrace-token", "dt0", r"dt0[a-z]\d{2}\.[A-Z2-7]{24}\.[A-Z2-7]{64}"),
    ("posthog-key", "phx_", r"phx_[A-Za-z0-9]{40,60}"),
    # money and messages
    ("braintree-token", "access_token$", r"access_token\$\w{7,10}\$[a-z0-9]{16}\$[a-f0-9]{32}"),
    ("brevo-key", "xkeysib-", r"xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}"),
    ("easypost-key", "ez", r"EZ[AT]K[A-Za-z0-9]{54}"),
    ("mapbox-secret-token", "sk.eyj", r"sk\.eyJ[\w\-]{60,120}\.[\w\-]{22}"),
    ("meta-token", "eaa", r"EAA[A-Za-z0-9]{100,250}"),
    ("resend-key", "re_", r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"),
    ("shippo-token", "shippo_", r"shippo_(?:live|test)_[a-f0-9]{40}"),
)
"""(kind, a part in lower case that stands in each, the whole as a regular expression)."""
