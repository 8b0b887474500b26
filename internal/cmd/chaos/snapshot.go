package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// snapshot is what the account and the state hold at one time.
type snapshot struct {
	state      map[string]instance // by address
	contacts   []tidiomock.Contact
	properties []tidiomock.Property
	answers    map[string]string // what the outputs say, by name
}

// instance is a resource in the state.
type instance struct {
	ID     string
	Name   string
	Policy string `json:"deletion_policy"`

	tainted bool
}

func take(mock *tidiomock.Mock, dir string) (snapshot, error) {
	state, answers, err := readState(dir)
	return snapshot{state, mock.Contacts(), mock.Properties(), answers}, err
}

// readState reads the resources and the outputs in the state file of a workspace. There is none
// before the first apply.
func readState(dir string) (found map[string]instance, outputs map[string]string, err error) {
	found, outputs = map[string]instance{}, map[string]string{}
	content, err := os.ReadFile(filepath.Join(dir, "terraform.tfstate"))
	if errors.Is(err, fs.ErrNotExist) {
		return found, outputs, nil
	}
	if err != nil {
		return nil, nil, err
	}
	var file struct {
		Resources []struct {
			Mode, Type, Name string
			Instances        []struct {
				Status     string
				Attributes instance
			}
		}
		Outputs map[string]struct{ Value any }
	}
	if err := json.Unmarshal(content, &file); err != nil {
		return nil, nil, fmt.Errorf("the state cannot be read: %w", err)
	}
	for name, output := range file.Outputs {
		outputs[name] = fmt.Sprint(output.Value)
	}
	for _, resource := range file.Resources {
		if resource.Mode != "managed" {
			continue // a data source
		}
		for _, i := range resource.Instances {
			i.Attributes.tainted = i.Status == "tainted"
			found[resource.Type+"."+resource.Name] = i.Attributes
		}
	}
	return found, outputs, nil
}

// ids are the ids in the state by address.
func (s snapshot) ids() map[string]string {
	ids := map[string]string{}
	for address, i := range s.state {
		ids[address] = i.ID
	}
	return ids
}

// addressOf finds an id in the state.
func (s snapshot) addressOf(id string) (address string, found bool) {
	for _, address := range slices.Sorted(maps.Keys(s.state)) {
		if s.state[address].ID == id {
			return address, true
		}
	}
	return "", false
}
