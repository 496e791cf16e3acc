#!/bin/sh
# One backup, read again and verified by the command that writes it, and the older ones thinned out.
# BACKUP_FOLDER: where they lie (another disk than the database's); BACKUP_KEEP: how many stay (14).
set -eu
: "${BACKUP_FOLDER:?BACKUP_FOLDER must name the folder for the backups}"
keep=${BACKUP_KEEP:-14}
umask 077
mkdir -p "$BACKUP_FOLDER"
file=$BACKUP_FOLDER/contextlib-news-$(date -u +%Y%m%dT%H%M%SZ).backup
contextlib-news db backup "$file"
# Only after one that holds; names sort by time.
find "$BACKUP_FOLDER" -maxdepth 1 -name 'contextlib-news-*.backup' | sort -r | tail -n "+$((keep + 1))" |
    while IFS= read -r old; do rm -f -- "$old"; done
