#!/bin/sh
# A release under systemd, once its files lie in /opt/ayumi (README.md): the database first, while the release before
# serves on, and then one service after the other. Where the database cannot be brought up to date now, nothing is
# restarted: say it again at a quieter moment. Never restart ayumi.target: it would let go of the web's socket.
set -eu

systemctl start ayumi-migrate.service
workers=$(systemctl list-units --plain --no-legend 'ayumi-worker@*.service' | cut -d' ' -f1)
for unit in $workers ayumi-dispatcher.service ayumi-timetable.service ayumi-metrics.service ayumi-web.service; do
    systemctl restart "$unit"
done
