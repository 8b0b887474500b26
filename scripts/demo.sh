#!/usr/bin/env bash
# Shows what the provider does, and fails if it does not: a real Terraform or OpenTofu with the provider of this
# checkout, on the mock of an account. No account is needed, and nothing is left behind. Run it by `make demo`.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
echo "# building the provider into a local mirror ..."
source scripts/lib.sh
[[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]] || export TF_CLI_ARGS=-no-color
example=$PWD/examples/contact-schema/main.tf

scene() { printf '\n== %s\n%s\n' "$1" "$2"; }

# writes counts the requests other than GET that the mock has received.
writes() { grep -E ' [A-Z]+ /' "$work/requests" | grep -vc ' GET ' || true; }

fail() {
  cat "$work/requests" >&2
  echo "demo: $*" >&2
  exit 1
}

# expect EXIT_CODE WRITES PROPERTIES COMMAND TEXT... runs a command of the engine. It must end with this exit code, send
# this number of requests other than GET, leave this number of properties in the account, and print the texts.
expect() {
  local code=0 before text printed
  printf '\n$ %s %s\n' "$tool" "$4"
  before=$(writes)
  # shellcheck disable=SC2086 # a command is several words
  "$engine" $4 2>&1 | tee -i "$work/printed" || code=$?
  [[ $code == "$1" ]] || fail "the exit code is $code, expected $1"
  # Take out what an engine adds for a terminal: colours, frames and line breaks.
  printed=$(sed -e $'s/\x1b\\[[0-9;]*m//g' -e 's/[│╷╵]//g' "$work/printed" | tr -s ' \n' ' ')
  for text in "${@:5}"; do
    [[ $printed == *"$text"* ]] || fail "the output does not contain \"$text\""
  done
  local sent=$(($(writes) - before)) held
  [[ $sent == "$2" ]] || fail "$sent requests other than GET were sent, expected $2"
  held=$(panel GET properties | grep -o '"id":' | wc -l)
  [[ $held -eq $3 ]] || fail "the account holds $held properties, expected $3"
  ! grep 'contract:' "$work/requests" || fail "the contract is broken"
  echo "✓ as expected: exit code $code; ${sent/#0/no} writes; the account holds $3 properties"
}

# edit makes an edit in the panel, as a teammate would.
edit() {
  # shellcheck disable=SC2016 # $3 does expand: the quotes around it are text
  printf "\n\$ curl -X %s %spanel/%s%s\n" "$1" "$url" "$2" "${3:+ -d '$3'}"
  panel "$@"
}

begin() {
  workspace "$1"
  cp "$example" .
  printf '\n$ %s init\n' "$tool"
  "$engine" init
}

scene "Install the provider for an empty account, over v1" "A real init, from a local mirror instead of the registry."
begin v1

scene "Create the contact schema" "Look at the plan, and at the ids that the account gives to the new properties."
expect 0 10 10 "apply -auto-approve" "Apply complete! Resources: 10 added"

scene "Plan again" "Nothing to change: the account matches the configuration."
expect 0 0 10 "plan -detailed-exitcode" "No changes."

scene "A teammate edits the label of account_manager in the panel" \
  "The API cannot change a label back: a warning says where to do it, and the plan stays empty."
edit PATCH properties/account_manager '{"label": "Renamed by a teammate"}'
expect 0 0 10 "plan -detailed-exitcode" "Warning: " account_manager "Renamed by a teammate" "No changes."

scene "A teammate sets the label back, and deletes support_phone in the panel" \
  "The plan is to create it again, and touches nothing else."
edit PATCH properties/account_manager '{"label": "Account manager"}'
edit DELETE properties/support_phone
expect 2 0 9 "plan -detailed-exitcode" \
  "tidio_property.support_phone will be created" "1 to add, 0 to change, 0 to destroy"

scene "Plan to destroy it all" "The API cannot delete a property, and the plan says so: Terraform forgets it, Tidio keeps it.
The plan fails, because one property has prevent_destroy = true."
expect 1 0 9 "plan -destroy" "Warning: " "stay in Tidio" "Error: " prevent_destroy

scene "The same account over the API that Tidio publishes, with a state that is empty" \
  "It can read properties and not create them: the configuration is a contract that each plan checks."
begin published

scene "One property is missing" "The teammate's deletion fails the plan, which says what to create in the panel."
expect 1 0 9 plan "is not in Tidio" "Settings > Contact Properties"

scene "Somebody creates support_phone in the panel" \
  "Now the account matches the configuration. Terraform records the property, and writes nothing."
edit POST properties '{"name": "support_phone", "label": "Direct line", "type": "phone"}'
expect 0 0 10 "apply -auto-approve" "recorded, not created" "Apply complete!"

scene "Plan again" "The contract holds."
expect 0 0 10 "plan -detailed-exitcode" "No changes."

printf '\nEverything was as expected: %d requests to the API of the mock, %d s.\n' "$(wc -l <"$work/requests")" "$SECONDS"
