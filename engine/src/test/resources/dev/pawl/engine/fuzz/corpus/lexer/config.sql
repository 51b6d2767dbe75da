SELECT pg_catalog.set_config('search_path', '', false);
SET SESSION AUTHORIZATION x;
RESET ALL;
SET TIME ZONE LOCAL;
DISCARD ALL;
