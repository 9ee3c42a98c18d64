#!/bin/sh
# In a container: the same configuration, for localhost, with the web process under its name in the network.
set -eu
sed -e 's/ayumi\.example\.jp/localhost/' -e 's/server 127\.0\.0\.1:8000/server web:8000/' -e 's/^user www-data;/user nginx;/' \
    -e 's#^error_log .*#error_log /dev/stderr crit;#' -e 's#access_log /var/log/nginx/access.log#access_log /dev/stdout#' \
    -e 's#/var/lib/nginx/ayumi#/var/cache/nginx/ayumi#' /opt/nginx.conf > /etc/nginx/nginx.conf
