-- Room in each page for the mark of a used artifact beside its row, so that no index has to be written (HOT updates).
alter table artifact set (fillfactor = 80);
