from modelling.settings import use_one_thread

# Before scikit-learn and LightGBM load: on a busy machine their threads cost more than they give.
use_one_thread()
