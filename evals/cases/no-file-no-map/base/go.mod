module acme.example/flags

go 1.22
