#!/usr/bin/env bash
# Prints what a terminal shows of a real engine on the mock of an account: `picture.sh query` turns an account into code
# (Terraform 1.14 or later), `picture.sh destroy` plans to destroy a property. `make picture` draws both for the README.
[[ ${1:-} == query || ${1:-} == destroy ]] || {
  echo "usage: picture.sh query|destroy" >&2
  exit 2
}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/lib.sh
workspace published # its ids are names, and so the same in each picture
export TF_CLI_ARGS_plan=-parallelism=1
cat >main.tf <<'END'
terraform {
  required_providers {
    tidio = {
      source = "tidio-community/tidio"
    }
  }
}
END

show() {
  printf '$ %s %s\n' "$tool" "$*"
  "$engine" "$@" 2>&1 || {
    echo "$tool $* failed: see what it printed" >&2
    exit 1
  }
  echo
}

panel POST properties '{"name": "plan_tier", "label": "Plan", "type": "text"}' >&2
case $1 in
  query)
    panel POST properties '{"name": "crm_record", "label": "CRM record", "type": "url"}' >&2
    cat >account.tfquery.hcl <<'END'
list "tidio_property" "account" {
  provider = tidio
}
END
    "$engine" init >&2
    printf '$ cat account.tfquery.hcl\n%s\n\n' "$(cat account.tfquery.hcl)"
    show query -generate-config-out=properties.tf
    show plan
    ;;
  destroy)
    # Of several properties, the warning would name another one each time.
    cat >>main.tf <<'END'

resource "tidio_property" "plan_tier" {
  name  = "plan_tier"
  label = "Plan"
  type  = "text"
}

import {
  to = tidio_property.plan_tier
  id = "plan_tier"
}
END
    "$engine" init >&2
    "$engine" apply -auto-approve >&2
    show plan -destroy
    ;;
esac
