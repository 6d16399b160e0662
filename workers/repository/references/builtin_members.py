"""Member names of the languages' own types: on an unknown receiver they name no definition."""

from __future__ import annotations

import io

_PYTHON = frozenset(
    name
    for type_ in (
        str,
        bytes,
        list,
        dict,
        set,
        tuple,
        int,
        float,
        Exception,
        io.StringIO,
        io.BytesIO,
    )
    for name in dir(type_)
)
_JAVASCRIPT = frozenset(
    "add all any append apply assign at bind call catch clear clone close concat copyWithin"
    " create defineProperty delete dispatchEvent emit end entries error every exec exports fill"
    " filter finally find findIndex findLast flat flatMap forEach freeze from get getTime has"
    " hasOwnProperty includes indexOf info join keys lastIndexOf length listen log map match"
    " matchAll message name next now of off on once open padEnd padStart parse pipe pop push"
    " race raw read reduce reject remove removeListener repeat replace resolve return reverse"
    " round search send set shift size slice some sort splice split stack start stop stringify"
    " substring test text then throw toFixed toISOString toJSON toLowerCase toString toUpperCase"
    " trim unshift valueOf values warn write".split()
)
_RUBY = frozenset(
    "ARGV DATA ENV RUBY_ENGINE RUBY_PLATFORM RUBY_VERSION STDERR STDIN STDOUT"
    " all? any? between? block_given? class define_method empty? end_with? eql? equal? extend"
    " frozen? has_key? has_value? include? inspect instance_of? instance_variable_get is_a? key?"
    " kind_of? member? method method_missing methods nil? none? object_id p positive? print public"
    " public_send puts raise require respond_to? respond_to_missing? sleep start_with? to_f to_i"
    " to_json to_proc to_str to_sym valid_encoding? warn zero?".split()
)
_OTHERS = frozenset(
    "add all any append apply at call clear clone close collect compare concat contains copy"
    " count create delete dup each empty end entries equals expect fetch filter find first flush"
    " format freeze from get hash has hashCode include index insert into invoke is_empty iter"
    " join key keys last len length list lock log map match max merge message min name new next"
    " of open parse path pop print push put read reduce remove replace reset reverse run save"
    " select send set shift size slice sort split start stop stream strip sum tap test then to_a"
    " to_h to_s toString trim type unlock unwrap update value valueOf values write".split()
)


def is_builtin_member(language: str, name: str) -> bool:
    """Whether types of the language itself, or of nearly every library, have such a member."""
    if language == "python":
        return name in _PYTHON
    if language == "ruby" and name in _RUBY:
        return True
    script = language in ("javascript", "typescript", "tsx")
    return name in (_JAVASCRIPT if script else _OTHERS)
