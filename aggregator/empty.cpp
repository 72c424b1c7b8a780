#include "aggregator/summary.h"
