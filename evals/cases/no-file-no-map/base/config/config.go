// Package config reads feature flags from a file.
package config

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
)

// Load gives the flags of a file; none where the file does not exist.
func Load(path string) (map[string]bool, error) {
	flags := map[string]bool{}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return flags, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &flags); err != nil {
		return nil, err
	}
	return flags, nil
}
