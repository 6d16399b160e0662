"""The GraphQL texts. Names: https://docs.github.com/en/graphql/reference/objects#pullrequest"""

from __future__ import annotations

from typing import Literal

Connection = Literal["reviewThreads", "reviews"]

THREAD_FIELDS = """
  id isResolved isOutdated path line
  comments(first: 50) {
    totalCount
    nodes { fullDatabaseId body url author { login __typename } }
  }
"""

REVIEW_FIELDS = """
  id fullDatabaseId body state author { login __typename } commit { oid }
"""

POLICY_PATH = ".github/plumbline.yml"

READ_PULL = f"""
query ReadPull($owner: String!, $name: String!, $number: Int!, $policy: String!) {{
  viewer {{ login }}
  repository(owner: $owner, name: $name) {{
    databaseId nameWithOwner isPrivate
    pullRequest(number: $number) {{
      title body state isDraft url
      author {{ login __typename }}
      baseRefName headRefName headRefOid baseRefOid isCrossRepository
      baseRef {{ target {{ oid }} }}
      labels(first: 100) {{ nodes {{ name }} }}
      commits(last: 100) {{ totalCount nodes {{ commit {{ oid message }} }} }}
      closingIssuesReferences(first: 10) {{ totalCount nodes {{ number title body url }} }}
      reviewThreads(first: 100) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{ {THREAD_FIELDS} }}
      }}
      reviews(last: 100) {{
        pageInfo {{ hasPreviousPage startCursor }}
        nodes {{ {REVIEW_FIELDS} }}
      }}
    }}
  }}
  organisation: repository(owner: $owner, name: ".github") {{
    object(expression: $policy) {{ ... on Blob {{ text isTruncated }} }}
  }}
}}
"""

MORE_THREADS = f"""
query MoreThreads($owner: String!, $name: String!, $number: Int!, $cursor: String) {{
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      reviewThreads(first: 100, after: $cursor) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{ {THREAD_FIELDS} }}
      }}
    }}
  }}
}}
"""

MORE_REVIEWS = f"""
query MoreReviews($owner: String!, $name: String!, $number: Int!, $cursor: String!) {{
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      reviews(last: 100, before: $cursor) {{
        pageInfo {{ hasPreviousPage startCursor }}
        nodes {{ {REVIEW_FIELDS} }}
      }}
    }}
  }}
}}
"""

STANDING = f"""
query Standing($owner: String!, $name: String!, $number: Int!) {{
  viewer {{ login }}
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      state headRefOid
      reviews(last: 100) {{ nodes {{ {REVIEW_FIELDS} comments(first: 1) {{ totalCount }} }} }}
    }}
  }}
}}
"""

LOOK = """
query Look($owner: String!, $name: String!, $number: Int!, $cursor: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      state headRefOid
      reviewThreads(first: 100, after: $cursor) {
        pageInfo { hasNextPage endCursor }
        nodes {
          isResolved isOutdated resolvedBy { login }
          comments(first: 1) {
            nodes {
              body author { login __typename }
              reactionGroups {
                content reactors(first: 50) { nodes { __typename ... on User { login } } }
              }
            }
          }
        }
      }
    }
  }
}
"""
"""Reactors carry their type, which the users of plain reactions do not: bots are told from people.
https://docs.github.com/en/graphql/reference/objects#reactiongroup
"""

RESOLVE_THREAD = """
mutation ResolveThread($thread: ID!) {
  resolveReviewThread(input: { threadId: $thread }) { thread { isResolved } }
}
"""
UNRESOLVE_THREAD = """
mutation UnresolveThread($thread: ID!) {
  unresolveReviewThread(input: { threadId: $thread }) { thread { isResolved } }
}
"""
"""https://docs.github.com/en/graphql/reference/mutations#resolvereviewthread; again: no change."""
