package provider_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// newOperators is the mock of an account with five operators.
func newOperators(t *testing.T, config tidiomock.Config) *acctest.Mock {
	t.Helper()
	m := acctest.NewMock(t, config)
	for _, o := range []tidiomock.Operator{
		{
			ID: "o5", Name: "Ines", Email: "Ines@Example.com", Role: "owner", Active: true,
			LastSeen: "2026-03-12T16:40:05Z",
		},
		{ID: "o4", Name: "Night shift", Role: "agent", Active: true}, // without an address
		{ID: "o3", Email: "twin@example.com", Role: "agent"},
		{ID: "o2", Email: "Twin@example.com", Role: "admin", Active: true},
		{ID: "o1", Role: "agent"},
	} {
		m.AddOperator(o)
	}
	return m
}

func TestOperatorDataSource(t *testing.T) {
	m := newOperators(t, tidiomock.Config{PageSize: 2})
	ines := attributes{
		"id": "o5", "name": "Ines", "email": "Ines@Example.com", "role": "owner", "active": true,
		"last_seen": "2026-03-12T16:40:05Z",
	}
	asWritten := maps.Clone(ines)
	asWritten["email"] = "INES@example.com"
	acctest.Test(t, resource.TestStep{
		Config: m.Config(`
data "tidio_operator" "by_id" { id = "o5" }
data "tidio_operator" "by_email" { email = "INES@example.com" }
data "tidio_operator" "no_address" { id = "o4" }
data "tidio_operator" "later" { id = terraform_data.id.output }
resource "terraform_data" "id" { input = "o1" }
`),
		ConfigStateChecks: slices.Concat(
			expectData("tidio_operator.by_id", ines),
			expectData("tidio_operator.by_email", asWritten),
			expectData("tidio_operator.no_address", attributes{
				"id": "o4", "name": "Night shift", "email": nil, "role": "agent", "active": true, "last_seen": nil,
			}),
			expectData("tidio_operator.later", attributes{"id": "o1", "name": nil, "active": false}),
		),
		Check: resource.ComposeTestCheckFunc(
			expectReads(m, "/operators", 2*3), // one list in each process: to plan, and to apply
			expectReads(m, "/operators/{id}", 0),
		),
	})
}

func TestOperatorsDataSource(t *testing.T) {
	m := newOperators(t, tidiomock.Config{PageSize: 2})
	acctest.Test(t, resource.TestStep{
		Config: m.Config(`
data "tidio_operators" "all" {}
data "tidio_operators" "agents" { role = "agent" }
data "tidio_operators" "active" { active = true }
data "tidio_operators" "away" { active = false }
data "tidio_operators" "both" {
  role   = "agent"
  active = true
}
data "tidio_operators" "none" { role = "Agent" }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			expectList("tidio_operators.all", "operators", "o5", "o4", "o3", "o2", "o1"),
			expectList("tidio_operators.agents", "operators", "o4", "o3", "o1"),
			expectList("tidio_operators.active", "operators", "o5", "o4", "o2"),
			expectList("tidio_operators.away", "operators", "o3", "o1"),
			expectList("tidio_operators.both", "operators", "o4"),
			expectList("tidio_operators.none", "operators"),
		},
	})
}

// An API that leaves out all that it may, and wraps single objects: nobody is active or not.
func TestOperatorDataSource_bareReplies(t *testing.T) {
	m := newOperators(t, tidiomock.Config{Replies: tidiomock.Replies{OmitOptional: true, WrapSingle: true}})
	bare := attributes{"id": "o5", "name": nil, "email": nil, "role": nil, "active": nil, "last_seen": nil}
	acctest.Test(t, resource.TestStep{
		Config: m.Config(`
data "tidio_operator" "one" { id = "o5" }
data "tidio_operators" "all" {}
data "tidio_operators" "active" { active = true }
data "tidio_operators" "away" { active = false }
`),
		ConfigStateChecks: append(expectData("tidio_operator.one", bare),
			expectList("tidio_operators.all", "operators", "o5", "o4", "o3", "o2", "o1"),
			statecheck.ExpectKnownValue("data.tidio_operators.all",
				tfjsonpath.New("operators").AtSliceIndex(0), bare.check()),
			expectList("tidio_operators.active", "operators"),
			expectList("tidio_operators.away", "operators"),
		),
	})
}

func TestOperatorDataSource_errors(t *testing.T) {
	m := newOperators(t, tidiomock.Config{PageSize: 2})
	const one = `(?i)exactly one of these attributes must be configured`
	for name, c := range map[string]struct{ kind, arguments, want string }{
		"none by id":    {"operator", `id = "o9"`, `There is no operator with the id "o9"`},
		"none by email": {"operator", `email = "no@example.com"`, `No operator has this e-mail address`},
		"several":       {"operator", `email = "TWIN@example.com"`, `Several operators have this e-mail.*o3 o2`},
		"neither":       {"operator", ``, one},
		"both":          {"operator", "id = \"o5\"\n email = \"ines@example.com\"", one},
		"empty address": {"operator", `email = ""`, `Empty value`},
		"empty role":    {"operators", `role = ""`, `Empty value`},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.Test(t, resource.TestStep{
				Config:      m.Config("data \"tidio_" + c.kind + "\" \"o\" {\n" + c.arguments + "\n}"),
				ExpectError: says(c.want),
			})
		})
	}
}

func TestOperatorDataSource_badLists(t *testing.T) {
	nowhere := tidiomock.Fault{Times: -1, Do: tidiomock.FailBefore, Status: 404}
	for name, c := range map[string]struct {
		fault                 tidiomock.Fault
		kind, arguments, want string
	}{
		"changed meanwhile": {
			tidiomock.Fault{Route: "/operators", Skip: 1, Do: tidiomock.InsertBetween},
			"operator", `email = "nobody@example.com"`, `may have been missed: try again`,
		},
		"wrong address by email": {nowhere, "operator", `email = "a@example.com"`, `base_url does not lead`},
		"wrong address by id":    {nowhere, "operator", `id = "o5"`, `base_url does not lead`},
		"wrong address of all":   {nowhere, "operators", ``, `base_url does not lead`},
	} {
		t.Run(name, func(t *testing.T) {
			m := newOperators(t, tidiomock.Config{PageSize: 2})
			m.Arm(c.fault)
			acctest.Test(t, resource.TestStep{
				Config:      m.Config("data \"tidio_" + c.kind + "\" \"o\" {\n" + c.arguments + "\n}"),
				ExpectError: says(c.want),
			})
		})
	}
}
