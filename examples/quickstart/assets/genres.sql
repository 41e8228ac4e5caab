-- description: What each genre costs and how it is liked
-- check: not_null(genre)
-- check: unique(genre)
select
  "Major Genre" as genre,
  count(*) as movies,
  round(avg("IMDB Rating"), 2) as rating,
  round(median("Production Budget")) as median_budget
from ${movies}
where "Major Genre" is not null
group by all
order by movies desc
