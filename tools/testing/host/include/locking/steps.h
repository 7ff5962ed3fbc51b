/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before each atomic operation, and each store that publishes, another task of the model may have
 * its turn.
 */
#ifndef _HOST_STEPS_H
#define _HOST_STEPS_H

void model_step(void);

#define __atomic_store_n(...)		 (model_step(), __atomic_store_n(__VA_ARGS__))
#define __atomic_exchange_n(...)	 (model_step(), __atomic_exchange_n(__VA_ARGS__))
#define __atomic_compare_exchange_n(...) (model_step(), __atomic_compare_exchange_n(__VA_ARGS__))
#define __atomic_fetch_add(...)		 (model_step(), __atomic_fetch_add(__VA_ARGS__))
#define __atomic_fetch_or(...)		 (model_step(), __atomic_fetch_or(__VA_ARGS__))
#define __atomic_fetch_and(...)		 (model_step(), __atomic_fetch_and(__VA_ARGS__))
#define __atomic_add_fetch(...)		 (model_step(), __atomic_add_fetch(__VA_ARGS__))
#define __atomic_sub_fetch(...)		 (model_step(), __atomic_sub_fetch(__VA_ARGS__))

#endif
