//! The console over its real router and the real database.

mod browser;
mod door;
mod fixture;
mod handed;
mod kinds;
mod pages;
mod photos;
mod real;
mod reminders;
