// Package config reads feature flags from a file.
package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Load gives the flags of a file; none where the file does not exist.
func Load(path string) (map[string]bool, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var flags map[string]bool
	if err := json.Unmarshal(data, &flags); err != nil {
		return nil, fmt.Errorf("flags in %s: %w", path, err)
	}
	return flags, nil
}
