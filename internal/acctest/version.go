package acctest

import (
	"context"
	"encoding/json"
	"os/exec"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

// NeedsTerraform skips a test, and says so, if the engine is not Terraform or is older than a version. what is what
// needs it, such as "terraform query".
func NeedsTerraform(t *testing.T, oldest, what string) {
	t.Helper()
	skipIfShort(t)
	found, err := engineInUse()
	if err != nil {
		t.Fatal(err)
	}
	if found.name != "terraform" || found.version.LessThan(version.Must(version.NewVersion(oldest))) {
		t.Skipf("%s needs Terraform %s or later; this is %s %s", what, oldest, found.name, found.version)
	}
}

// engineVersion is an engine by its name and version.
type engineVersion struct {
	name    string
	version *version.Version
}

// engineInUse tells which engine the tests run.
var engineInUse = sync.OnceValues(func() (found engineVersion, err error) {
	ctx := context.Background() // all tests share it
	tool, err := engine.Find(ctx)
	if err != nil {
		return found, err
	}
	said, err := exec.CommandContext(ctx, tool.Path, "version", "-json").Output()
	if err != nil {
		return found, err
	}
	var told struct {
		Version string `json:"terraform_version"` // of OpenTofu, too
	}
	if err := json.Unmarshal(said, &told); err != nil {
		return found, err
	}
	found.name = tool.Name
	found.version, err = version.NewVersion(told.Version)
	return found, err
})
