"""For how many days what lies in the bucket is kept. Apart from resources.py, which loads botocore."""

LOG_DAYS = 400
UNFINISHED_UPLOAD_DAYS = 7
