# What the clusters are made of; source it, don't run it. bin/setup builds these, each version into a folder of its own.
# Kubernetes' and CoreDNS's go.mod in tools/ say the same: after a change here run `bin/setup --update`.
# shellcheck shell=bash disable=SC2034
KUBERNETES_VERSION=1.36.3
ETCD_VERSION=3.6.8
COREDNS_VERSION=1.15.0
KWOK_VERSION=0.8.0
HELM_VERSION=4.3.1
# Only where the system has no PostgreSQL server of its own.
POSTGRESQL_VERSION=18.6.0
