package provider

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// Each source of a credential has another value, so that an error that shows one is found out.
func TestProviderModel_credentials(t *testing.T) {
	type settings map[string]string
	for name, c := range map[string]struct {
		block settings // "api_key": "k"
		env   settings
		want  tidio.Format // "" = an error
		says  string
		on    string // the attribute of the error; "" = the whole block
	}{
		"a key":                    {block: settings{"api_key": "hush-key"}, want: tidio.V1},
		"a pair":                   {block: settings{"client_id": "ci_hush", "client_secret": "cs_hush"}, want: tidio.OpenAPI},
		"a key of the environment": {env: settings{"api_key": "hush-key"}, want: tidio.V1},
		"a pair of the environment": {
			env:  settings{"client_id": "ci_hush", "client_secret": "cs_hush"},
			want: tidio.OpenAPI,
		},
		"the environment completes a pair": {
			block: settings{"client_id": "ci_hush"}, env: settings{"client_secret": "cs_hush"}, want: tidio.OpenAPI,
		},
		"the environment completes a pair, and has a key": {
			block: settings{"client_secret": "cs_hush"}, env: settings{"client_id": "ci_hush", "api_key": "hush-key"},
			want: tidio.OpenAPI,
		},
		"the block wins over the other format": {
			block: settings{"api_key": "hush-key"}, env: settings{"client_id": "ci_hush", "client_secret": "cs_hush"},
			want: tidio.V1,
		},
		"the block wins over half a pair": {
			block: settings{"api_key": "hush-key"}, env: settings{"client_id": "ci_hush"}, want: tidio.V1,
		},

		"nothing": {says: "TIDIO_CLIENT_ID and TIDIO_CLIENT_SECRET.*TIDIO_API_KEY", on: "client_id"},
		"two formats in the block": {
			block: settings{"api_key": "hush-key", "client_id": "ci_hush", "client_secret": "cs_hush"},
			says:  "The provider block has api_key and client_id and client_secret",
		},
		"a key and half a pair in the block": {
			block: settings{"api_key": "hush-key", "client_secret": "cs_hush"},
			says:  "The provider block has api_key and client_secret",
		},
		"two formats in the environment": {
			env:  settings{"api_key": "hush-key", "client_id": "ci_hush", "client_secret": "cs_hush"},
			says: "The environment has TIDIO_API_KEY and TIDIO_CLIENT_ID and TIDIO_CLIENT_SECRET", on: "api_key",
		},
		"no secret": {
			block: settings{"client_id": "ci_hush"},
			says:  "only client_id is set. Set TIDIO_CLIENT_SECRET", on: "client_secret",
		},
		"no id": {
			env: settings{"client_secret": "cs_hush"}, says: "only TIDIO_CLIENT_SECRET is set", on: "client_id",
		},
		"an empty secret": {
			block: settings{"client_id": "ci_hush", "client_secret": ""}, env: settings{"client_secret": "cs_hush"},
			says: "empty value, which hides TIDIO_CLIENT_SECRET", on: "client_secret",
		},
		"an empty key": {
			block: settings{"api_key": ""}, env: settings{"api_key": "hush-key"},
			says: "empty value, which hides TIDIO_API_KEY", on: "api_key",
		},
		"a swapped pair": {
			block: settings{"client_id": "cs_hush", "client_secret": "ci_hush"}, says: "are swapped",
		},
		"a swapped pair of the environment": {
			env:  settings{"client_id": "cs_hush", "client_secret": "ci_hush"},
			says: "TIDIO_CLIENT_ID and TIDIO_CLIENT_SECRET cannot be used: .* are swapped", on: "client_id",
		},
		"a secret of two lines": {
			env:  settings{"client_id": "ci_hush", "client_secret": "cs_hu\nsh"},
			says: "client secret contains a line break", on: "client_secret",
		},
		"a blank key": {block: settings{"api_key": " \n "}, says: "api_key cannot be used: the API key is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			configured := func(attribute string) types.String {
				if value, set := c.block[attribute]; set {
					return types.StringValue(value)
				}
				return types.StringNull()
			}
			m := providerModel{
				APIKey: configured("api_key"), ClientID: configured("client_id"), ClientSecret: configured("client_secret"),
			}
			env := func(name string) string { return c.env[strings.ToLower(strings.TrimPrefix(name, "TIDIO_"))] }
			var diags diag.Diagnostics
			options := m.options(env, &diags)
			if c.want != "" {
				if diags.HasError() {
					t.Fatal(diags)
				}
				if got := tidio.New(options).Format(); got != c.want {
					t.Errorf("format %q, want %q", got, c.want)
				}
				return
			}
			if len(diags) != 1 {
				t.Fatalf("%d diagnostics, want one error: %v", len(diags), diags)
			}
			said := diags[0].Summary() + "\n" + diags[0].Detail()
			if !regexp.MustCompile("(?s)" + c.says).MatchString(said) {
				t.Errorf("%q is not in:\n%s", c.says, said)
			}
			if strings.Contains(said, "hush") {
				t.Errorf("a credential is in:\n%s", said)
			}
			on := ""
			if at, ok := diags[0].(diag.DiagnosticWithPath); ok {
				on = at.Path().String()
			}
			if on != c.on {
				t.Errorf("the error is on %q, want %q", on, c.on)
			}
		})
	}
}

// All that is said of what an API lacks, to be read as a text.
func TestUnsupported_texts(t *testing.T) {
	all := map[string]lack{
		"conversations":         lacksConversations,
		"conversation messages": lacksConversationMessages,
		"contact messages":      lacksContactMessages,
		"tickets":               lacksTickets,
		"create conversation":   lacksCreateConversation,
		"update conversation":   lacksUpdateConversation,
		"create ticket":         lacksCreateTicket,
		"update ticket":         lacksUpdateTicket,
		"reply to ticket":       lacksTicketReplies,
		"departments":           lacksDepartments,
		"project":               lacksProject,
	}
	for _, field := range []tidio.ContactField{
		tidio.ContactName, tidio.ContactDistinctID, tidio.ContactFirstName, tidio.ContactLastName,
	} {
		all["contact "+string(field)] = lacksField(field)
	}
	var texts strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		d := unsupported(all[name], path.Empty())
		texts.WriteString("# " + name + "\n\n" + d.Summary() + "\n\n" + d.Detail() + "\n\n")
	}
	golden(t, "unsupported.golden", texts.String())
}

var update = flag.Bool("update", false, "write the golden files")

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("testdata/%s is not this any more; -update writes it:\n%s", name, got)
	}
}
