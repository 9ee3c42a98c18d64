"""Make the two buckets of a trial in containers: with versions and object lock for files, with versions for backups."""

import boto3
from botocore.exceptions import ClientError


def main() -> None:
    client = boto3.client("s3")
    for name, locks in (("ayumi", True), ("ayumi-backups", False)):
        try:
            client.head_bucket(Bucket=name)
        except ClientError:
            client.create_bucket(
                Bucket=name,
                ObjectLockEnabledForBucket=locks,
                CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"},
            )
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


if __name__ == "__main__":
    main()
