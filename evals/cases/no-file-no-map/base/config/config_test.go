package config

import "testing"

func TestNoFileMeansNoFlags(t *testing.T) {
	flags, err := Load(t.TempDir() + "/none.json")
	if err != nil || len(flags) != 0 {
		t.Fatalf("got %v, %v", flags, err)
	}
}
