# What the demo and the pictures share: the provider of this checkout in a local mirror, a mock of an account,
# and the engine. Everything is in $work, which is removed at the end. Source it in the root of the checkout.
# shellcheck shell=bash
set -euo pipefail

names=(terraform tofu)
[[ -z ${TF_ACC_TERRAFORM_PATH:-} ]] || names=("$TF_ACC_TERRAFORM_PATH")
if ! engine=$(command -v "${names[@]}" | head -n 1); then
  echo "there is no engine to run (${names[*]}): install Terraform or OpenTofu, or run \`make bin/engine/terraform\`" \
    "and set TF_ACC_TERRAFORM_PATH to bin/engine/terraform" >&2
  exit 1
fi
engine=$(cd "$(dirname "$engine")" && pwd)/$(basename "$engine")
# shellcheck disable=SC2034 # for those that source this
tool=$(basename "$engine")
work=$(mktemp -d)
export TMPDIR=$work
mock=
finish() {
  kill "$mock" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Terraform and OpenTofu look for a provider at different hosts: the mirror has it for both.
go build -o "$work/" . ./internal/cmd/tidio-mock
for host in registry.terraform.io registry.opentofu.org; do
  dir=$work/mirror/$host/tidio-community/tidio/0.1.0/$(go env GOOS)_$(go env GOARCH)
  mkdir -p "$dir"
  ln "$work/terraform-provider-tidio" "$dir/terraform-provider-tidio_v0.1.0"
done
cat >"$work/cli.tfrc" <<END
provider_installation {
  filesystem_mirror {
    path = "$work/mirror"
  }
}
END
# The variables of a user must not change what runs here.
for variable in ${!TF_@} ${!TIDIO_@}; do unset "$variable"; done
export TF_CLI_CONFIG_FILE=$work/cli.tfrc TF_IN_AUTOMATION=1 TF_INPUT=0 CHECKPOINT_DISABLE=1

mkfifo "$work/greeting"
set -m # its own process group: Ctrl-C must not stop it under the engine
"$work/tidio-mock" -addr 127.0.0.1:0 -log >"$work/greeting" 2>"$work/requests" &
mock=$!
set +m
exec 3<"$work/greeting"
read -r _ _ url <&3 || { # "listening on http://127.0.0.1:8787/"
  cat "$work/requests" >&2
  exit 1
}

# workspace NAME goes to a new and empty directory, and sets the credentials of v1 or of the published API.
workspace() {
  mkdir "$work/$1"
  cd "$work/$1"
  unset TIDIO_API_KEY TIDIO_CLIENT_ID TIDIO_CLIENT_SECRET
  case $1 in
    v1) export TIDIO_BASE_URL=${url}v1/ TIDIO_API_KEY=any-key ;;
    *) export TIDIO_BASE_URL=$url TIDIO_CLIENT_ID=ci_any TIDIO_CLIENT_SECRET=cs_any ;;
  esac
}

# panel METHOD PATH [BODY] makes an edit in the panel.
panel() { curl --disable --noproxy '*' --silent --show-error --fail --request "$1" "${url}panel/$2" ${3:+--data "$3"}; }
