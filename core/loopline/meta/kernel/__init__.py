"""The documents every site has, whatever plugins there are: people and how they are organised."""
