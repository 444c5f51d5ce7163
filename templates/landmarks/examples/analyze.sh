# Upload the photo. Its address is valid for 15 minutes.
url=$(curl --silent --show-error --fail-with-body {{ base }}/api/v1/files/ \
    --header "Authorization: Bearer $FACESITE_TOKEN" --form file=@photo.jpg |
    sed 's/.*"file_url": *"\([^"]*\)".*/\1/')

curl --silent --show-error --fail-with-body {{ base }}/face/analyze \
    --header "Authorization: Bearer $FACESITE_TOKEN" \
    --header "Content-Type: application/json" \
    --data "{\"image_url\": \"$url\"}"
