//! The console over its real router and the real database.

mod acts;
mod authority;
mod browser;
mod compared;
mod crowd;
mod door;
mod evidence;
mod exports;
mod filters;
mod fixture;
mod handed;
mod kinds;
mod load;
mod looked;
mod moving;
mod office;
mod pages;
mod photos;
mod real;
mod reminders;
mod reports;
mod shown;
mod world;
