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
}

// instance is a resource in the state.
type instance struct {
	ID     string
	Name   string
	Policy string `json:"deletion_policy"`

	tainted bool
}

func take(mock *tidiomock.Mock, dir string) (snapshot, error) {
	state, err := readState(dir)
	return snapshot{state: state, contacts: mock.Contacts(), properties: mock.Properties()}, err
}

// readState reads the state file of a workspace. There is none before the first apply.
func readState(dir string) (map[string]instance, error) {
	found := map[string]instance{}
	content, err := os.ReadFile(filepath.Join(dir, "terraform.tfstate"))
	if errors.Is(err, fs.ErrNotExist) {
		return found, nil
	}
	if err != nil {
		return nil, err
	}
	var file struct {
		Resources []struct {
			Type, Name string
			Instances  []struct {
				Status     string
				Attributes instance
			}
		}
	}
	if err := json.Unmarshal(content, &file); err != nil {
		return nil, fmt.Errorf("the state cannot be read: %w", err)
	}
	for _, resource := range file.Resources {
		for _, i := range resource.Instances {
			i.Attributes.tainted = i.Status == "tainted"
			found[resource.Type+"."+resource.Name] = i.Attributes
		}
	}
	return found, nil
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
