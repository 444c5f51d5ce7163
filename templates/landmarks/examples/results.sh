# Analyse a photo and keep the result.
curl --silent --show-error --fail-with-body {{ base }}/api/results \
    --header "Authorization: Bearer $FACESITE_TOKEN" --form photo=@photo.jpg --output result.json

# Export it as a table.
url=$(sed 's/.*"csv": *"\([^"]*\)".*/\1/' result.json)
curl --silent --show-error --fail-with-body "$url" --header "Authorization: Bearer $FACESITE_TOKEN"

# The newest results.
curl --silent --show-error --fail-with-body "{{ base }}/api/results?limit=10" \
    --header "Authorization: Bearer $FACESITE_TOKEN"
