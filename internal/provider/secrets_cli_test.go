package provider_test

import (
	"archive/zip"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// The credentials are nowhere but in the environment: not in the log at its most talkative, the state, or a
// saved plan. An address that a contact is looked up by is in no log line of ours.
func TestCLISecrets_leakNowhere(t *testing.T) {
	t.Parallel()
	const lookUp = "\ndata \"tidio_contact\" \"joe\" {\n  email = \"joe@example.com\"\n}\n"
	for name, c := range map[string]struct {
		workspace func(*testing.T, *acctest.Mock, string, ...string) *acctest.Workspace
		config    string
		secrets   []string
	}{
		"v1": {acctest.NewWorkspace, seats, []string{acctest.Key}},
		"published": {
			acctest.NewPublishedWorkspace, person("distinct_id = \"u-1\"\n  first_name = \"Jane\""),
			[]string{acctest.ClientSecret, acctest.ClientID},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.NewMock(t, tidiomock.Config{})
			m.AddContact(tidiomock.Contact{Name: "Joe", Email: "joe@example.com"})
			w := c.workspace(t, m, c.config+readAll+lookUp, "TF_LOG=TRACE", "TF_LOG_PATH=trace.log")
			w.Expect(0, "plan", "-out=saved.tfplan")
			w.Expect(0, "apply", "saved.tfplan")
			w.Expect(2, "plan", "-destroy", "-detailed-exitcode")
			m.Arm(tidiomock.Fault{Do: tidiomock.FailBefore, Status: 401, Message: "bad: " + strings.Join(c.secrets, " ")})
			w.Expect(1, "plan")

			log := w.ReadFile("trace.log")
			expectContains(t, log, "Tidio API request")
			for line := range strings.Lines(log) {
				if strings.Contains(line, "Tidio API") && strings.Contains(line, "joe@example.com") {
					t.Errorf("the address is in our line: %s", line)
				}
			}
			for what, text := range map[string]string{
				"the log": log, "the state": w.ReadFile("terraform.tfstate"), "what was printed": w.Transcript,
				"the saved plan": unzip(t, filepath.Join(w.Dir, "saved.tfplan")),
			} {
				for _, secret := range c.secrets {
					if strings.Contains(text, secret) {
						t.Errorf("a credential is in %s", what)
					}
				}
			}
		})
	}
}

// unzip returns the content of all files in an archive.
func unzip(t *testing.T, file string) string {
	t.Helper()
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var all strings.Builder
	for _, file := range archive.File {
		content, err := fs.ReadFile(archive, file.Name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	return all.String()
}
