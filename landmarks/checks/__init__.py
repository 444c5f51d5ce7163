"""Checks of the settings at the start, each with a hint."""

from landmarks.checks import hosted, limits, site, tasks

ALL = (
    site.engine_is_known,
    site.history_is_known,
    limits.limits_are_positive,
    limits.storage_limits_are_sizes,
    limits.pixels_can_be_read,
    site.hosts_are_names,
    site.data_folder_is_writable,
    hosted.hosted_engine_has_a_token,
    hosted.tokens_can_be_sent,
    hosted.hosted_addresses_are_bases,
    hosted.public_url_is_public,
    hosted.public_url_is_private_on_the_way,
    hosted.platform_token_is_used,
    site.user_agent_can_be_sent,
    site.error_reports_have_an_address,
    limits.rate_is_one,
    site.proxies_are_few,
    site.script_name_is_a_path,
    limits.database_timeouts_are_positive,
    site.fetched_networks_are_private,
    tasks.executor_is_known,
    tasks.broker_is_known,
)
