package provider_test

import (
	"maps"
	"testing"

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
	core := acctest.NewCore(t)
	core.Apply(m.Config(`
data "tidio_operator" "by_id" { id = "o5" }
data "tidio_operator" "by_email" { email = "INES@example.com" }
data "tidio_operator" "no_address" { id = "o4" }
data "tidio_operator" "later" { id = later("o1") }
`))
	core.ExpectState("data.tidio_operator.by_id", ines)
	core.ExpectState("data.tidio_operator.by_email", asWritten)
	core.ExpectState("data.tidio_operator.no_address", attributes{
		"id": "o4", "name": "Night shift", "email": nil, "role": "agent", "active": true, "last_seen": nil,
	})
	core.ExpectState("data.tidio_operator.later", attributes{"id": "o1", "name": nil, "active": false})
	expectReads(t, m, "/operators", 2*3) // one list in each process: to plan, and to apply
	expectReads(t, m, "/operators/{id}", 0)
}

func TestOperatorsDataSource(t *testing.T) {
	m := newOperators(t, tidiomock.Config{PageSize: 2})
	core := acctest.NewCore(t)
	core.Apply(m.Config(`
data "tidio_operators" "all" {}
data "tidio_operators" "agents" { role = "agent" }
data "tidio_operators" "active" { active = true }
data "tidio_operators" "away" { active = false }
data "tidio_operators" "both" {
  role   = "agent"
  active = true
}
data "tidio_operators" "none" { role = "Agent" }
`))
	expectList(t, core, "tidio_operators.all", "operators", "o5", "o4", "o3", "o2", "o1")
	expectList(t, core, "tidio_operators.agents", "operators", "o4", "o3", "o1")
	expectList(t, core, "tidio_operators.active", "operators", "o5", "o4", "o2")
	expectList(t, core, "tidio_operators.away", "operators", "o3", "o1")
	expectList(t, core, "tidio_operators.both", "operators", "o4")
	expectList(t, core, "tidio_operators.none", "operators")
}

// An API that leaves out all that it may, and wraps single objects: nobody is active or not.
func TestOperatorDataSource_bareReplies(t *testing.T) {
	m := newOperators(t, tidiomock.Config{Replies: tidiomock.Replies{OmitOptional: true, WrapSingle: true}})
	bare := attributes{"id": "o5", "name": nil, "email": nil, "role": nil, "active": nil, "picture": nil, "last_seen": nil}
	core := acctest.NewCore(t)
	core.Apply(m.Config(`
data "tidio_operator" "one" { id = "o5" }
data "tidio_operators" "all" {}
data "tidio_operators" "active" { active = true }
data "tidio_operators" "away" { active = false }
`))
	core.ExpectState("data.tidio_operator.one", bare)
	all := expectList(t, core, "tidio_operators.all", "operators", "o5", "o4", "o3", "o2", "o1")
	expectEqual(t, all[0], bare)
	expectList(t, core, "tidio_operators.active", "operators")
	expectList(t, core, "tidio_operators.away", "operators")
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
			acctest.NewCore(t).Apply(m.Config("data \"tidio_"+c.kind+"\" \"o\" {\n"+c.arguments+"\n}"), acctest.Fails(c.want))
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
			acctest.NewCore(t).Apply(m.Config("data \"tidio_"+c.kind+"\" \"o\" {\n"+c.arguments+"\n}"), acctest.Fails(c.want))
		})
	}
}
