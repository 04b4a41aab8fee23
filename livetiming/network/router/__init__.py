"""The router: its configuration, and what of ours runs inside Crossbar's worker."""
